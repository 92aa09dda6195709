import { LINK_LIFE_MS, type Link, type LinkFor, type LinkPurpose } from './domain/link.ts';
import { hashOf } from './domain/refresh-token.ts';
import { refused, type Refusal } from './domain/refusal.ts';
import type { IdentityParts } from './parts.ts';

type Parts = Pick<IdentityParts, 'config' | 'oneTime' | 'random' | 'nowMs'>;

export const HOUR_MS = 3_600_000;
const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

/** Pages that links lead to: of the members' app, and of the console for operators. The secret stands after `#`: it gets into no log and no referrer. */
const PAGES: Readonly<Record<LinkPurpose, string>> = { sign_up: '/verify', email: '/verify', reset: '/reset', invite: '/welcome' };

/** Makes a link; only the hash of its secret is kept. */
export async function makeLink(
  parts: Parts,
  link: Link,
): Promise<{ readonly url: string; readonly hash: string; readonly expiresAtMs: number }> {
  const secret = parts.random(SECRET_BYTES).toString('base64url');
  const hash = hashOf(secret);
  const nowMs = parts.nowMs();
  await parts.oneTime.putLink(hash, link, nowMs);
  const site = link.purpose === 'invite' ? parts.config.consoleUrl : parts.config.appUrl;
  return { url: `${site}${PAGES[link.purpose]}#${secret}`, hash, expiresAtMs: nowMs + LINK_LIFE_MS[link.purpose] };
}

/** `commandId` spends the link: the append that follows it carries it, and happens once. */
export async function findLink<P extends LinkPurpose>(
  parts: Parts,
  secret: string,
  purposes: readonly P[],
): Promise<{ readonly kind: 'found'; readonly link: LinkFor<P>; readonly commandId: string } | Refusal> {
  if (!SECRET.test(secret)) return refused('link_invalid', { field: 'link' });
  const hash = hashOf(secret);
  const link = await parts.oneTime.readLink(hash, parts.nowMs());
  const isExpected = (known: Link): known is LinkFor<P> => purposes.some((purpose) => purpose === known.purpose);
  if (link === null || !isExpected(link)) return refused('link_invalid', { field: 'link' });
  return { kind: 'found', link, commandId: `link ${hash}` };
}
