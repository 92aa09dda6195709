/**
 * A content steering reply with an absolute RELOAD-URI. It may be relative to the reply's own address (ETSI TS 103 998, 6.2; RFC 8216bis,
 * 7.2), but Shaka 5.2 appends its query to it without resolving it first, throws, and never asks again.
 * Anything that is not such a reply comes back as it is: judging it is the player's business.
 */
export function withAbsoluteReload(reply: string, replyUrl: string): string {
  const parsed = parse(reply);
  const reload = parsed?.['RELOAD-URI'];
  if (parsed === undefined || typeof reload !== 'string' || !URL.canParse(reload, replyUrl)) return reply;
  return JSON.stringify({ ...parsed, 'RELOAD-URI': new URL(reload, replyUrl).href });
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
