import { EDITION_ID, SESSION_ID } from '@bioscope/control/contract';
import type { HttpContext, HttpHandler } from '@bioscope/rpc';
import { steeringReply } from '../domain/steering-reply.ts';
import { rankNow, type RankingNeeds } from './rank-pathways.ts';

/**
 * `GET /steering/v1/<session id>/<edition id>`: content steering for HLS and DASH players. The pathway and throughput that they add to the query are
 * accepted and not needed: health, load and place decide. Never answers 429, which hls.js takes as "stop asking for good"; before control said
 * anything it is 503, and players stay where they are.
 */
export function steeringHandler(on: RankingNeeds): HttpHandler {
  return (request, response, context) => {
    const answer = request.method === 'GET' || request.method === 'HEAD' ? answerFor(on, context, request.headers) : NOT_ALLOWED;
    response.writeHead(answer.status, {
      'content-type': answer.type,
      'content-length': Buffer.byteLength(answer.body),
      'cache-control': 'no-store',
      ...(answer.status === 503 ? { 'retry-after': '1' } : {}),
      ...(answer.status === 405 ? { allow: 'GET, HEAD' } : {}),
    });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  };
}

type Headers = NodeJS.Dict<string | string[]>;
type Answer = { readonly status: number; readonly type: string; readonly body: string };

const NOT_ALLOWED: Answer = { status: 405, type: 'text/plain', body: 'use GET\n' };
const NOT_FOUND: Answer = { status: 404, type: 'text/plain', body: 'expected /steering/v1/<session id>/<edition id>\n' };
const NOT_YET: Answer = { status: 503, type: 'text/plain', body: 'no appliance is known yet\n' };

const PATH = /^\/steering\/v1\/([^/]+)\/([^/]+)$/;

function answerFor(on: RankingNeeds, context: Pick<HttpContext, 'url' | 'path'>, headers: Headers): Answer {
  const [path = ''] = context.path.split('?', 1);
  const [, sessionId = '', editionId = ''] = PATH.exec(path) ?? [];
  if (!SESSION_ID.test(sessionId) || !EDITION_ID.test(editionId)) return NOT_FOUND;
  const ranked = rankNow(on, { editionId, sessionId, clientAddress: clientOf(headers) });
  if (ranked === null || ranked.length === 0) return NOT_YET;
  const isHls = [...context.url.searchParams.keys()].some((name) => name.startsWith('_HLS_'));
  return {
    status: 200,
    type: isHls ? 'application/vnd.apple.steering-list' : 'application/json',
    body: JSON.stringify(steeringReply(ranked, reloadUriOf(path, headers))),
  };
}

/** As the gateway saw it; the mount takes no other callers. */
function clientOf(headers: Headers): string {
  return lastOf(headers, 'x-forwarded-for');
}

/** In full, where the gateway says under which name it was asked: Shaka 5.2 does not resolve a relative one. */
function reloadUriOf(path: string, headers: Headers): string {
  const host = lastOf(headers, 'x-forwarded-host');
  const scheme = lastOf(headers, 'x-forwarded-proto');
  return host === '' || scheme === '' ? path : `${scheme}://${host}${path}`;
}

function lastOf(headers: Headers, name: string): string {
  const value = headers[name];
  const text = Array.isArray(value) ? value.at(-1) : value;
  return text?.split(',').at(-1)?.trim() ?? '';
}
