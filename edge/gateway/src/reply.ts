import type { Exchange, Outcome, RawHeaders } from './exchange.ts';

/** An answer that the gateway gives itself. */
export type Reply = {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: Buffer;
  readonly outcome: Outcome;
};

/** Ends the connection without a word: for requests whose very framing is in doubt, where an answer could be taken for another request's. */
export const HANG_UP = Symbol('hang up');

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_argument',
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'not_found',
  405: 'unimplemented',
  408: 'deadline_exceeded',
  413: 'resource_exhausted',
  415: 'invalid_argument',
  501: 'unimplemented',
  502: 'unavailable',
  503: 'unavailable',
  504: 'deadline_exceeded',
};

/** A fault in the form of the Connect protocol, which every client of ours reads, with the id to look for in the log. */
export function faultReply(exchange: Exchange, status: number, message: string, outcome: Outcome, headers: RawHeaders = []): Reply {
  const body = Buffer.from(JSON.stringify({ code: CODES[status] ?? 'unknown', message, requestId: exchange.requestId }));
  return { status, headers: ['content-type', 'application/json', 'cache-control', 'no-store', ...headers], body, outcome };
}

/** A page for a person who typed an address. `text` is ours, never the request's. */
export function pageReply(status: number, title: string, text: string, link: string): Reply {
  const body = Buffer.from(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>` +
      `<body style="font:16px/1.5 system-ui;margin:15vh auto;max-width:32rem;padding:0 1rem"><h1>${title}</h1><p>${text} <a href="${link}">${link}</a></p>`,
  );
  return { status, headers: ['content-type', 'text/html; charset=utf-8', 'cache-control', 'no-store'], body, outcome: 'refused' };
}

export function emptyReply(status: number, headers: RawHeaders, outcome: Outcome = 'answered'): Reply {
  return { status, headers, body: Buffer.alloc(0), outcome };
}
