import type { IncomingMessage, ServerResponse } from 'node:http';

import { KvFault } from '@bioscope/kv';
import { RpcError, type HttpHandler } from '@bioscope/rpc';

import { writeDash } from '../domain/manifest/dash.ts';
import { writeHlsMaster } from '../domain/manifest/hls-master.ts';
import { writeHlsMedia } from '../domain/manifest/hls-media.ts';
import type { Presentation } from '../domain/manifest/presentation.ts';
import { trackFile, writeSegmentIndex } from '../domain/manifest/segment-index.ts';
import { isGranted, type Session } from '../domain/session.ts';
import { withinHeight } from '../domain/within-height.ts';
import type { PlaybackParts } from './context.ts';
import { mayContinue } from './may-continue.ts';

const DASH_TYPE = 'application/dash+xml';
const HLS_TYPE = 'application/vnd.apple.mpegurl';
const PATH =
  /^\/sessions\/([A-Za-z0-9_-]{1,64})\/(?:(manifest\.mpd|master\.m3u8)|([A-Za-z0-9_.-]{1,100})\.sidx|([a-z0-9-]{1,64})\/([A-Za-z0-9_.-]{1,100})\.m3u8)$/;

/** `GET /sessions/<id>/manifest.mpd`, `…/master.m3u8`, `…/<pathway>/<track>.m3u8`, each with the session's current token in its URLs, and `…/<track>.sidx`. */
export function serveManifests(parts: PlaybackParts): HttpHandler {
  return async (request, response, { path }) => {
    try {
      const answer = await answerOf(parts, request, path);
      send(request, response, answer);
    } catch (fault) {
      if (!isDependencyDown(fault)) throw fault;
      parts.log.warn({ err: fault }, 'a manifest could not be written');
      send(request, response, { ...said(503, 'The service cannot answer at the moment. Try again.'), retryAfter: '1' });
    }
  };
}

type Answer = { readonly status: number; readonly type: string; readonly body: Buffer; readonly retryAfter?: string };

async function answerOf(parts: PlaybackParts, request: IncomingMessage, path: string): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return said(405, 'Manifests can be read only.');
  const [, sessionId, top, indexedTrackId, pathwayId, trackId] = PATH.exec(path) ?? [];
  if (sessionId === undefined) return said(404, 'There is no such manifest.');
  const continuation = await mayContinue(parts, sessionId);
  if (continuation.kind === 'refused') {
    const isUnknown = continuation.because === 'session_ended' && (await parts.store.readSession(sessionId)) === null;
    return isUnknown ? said(404, 'There is no such session. Start the film again.') : said(410, continuation.message);
  }
  if (!isGranted(continuation.session, parts.nowMs())) return said(403, 'The right to watch this has run out. Start the film again.');
  const presentation = await presentationOf(parts, continuation.session, publicUrl(request, parts.config.publicUrl));
  if (presentation === null) return said(410, 'This edition was replaced. Start the film again.');
  if (top === 'manifest.mpd') return given(DASH_TYPE, writeDash(presentation));
  if (top === 'master.m3u8') return given(HLS_TYPE, writeHlsMaster(presentation));
  if (indexedTrackId !== undefined) return indexOf(presentation, indexedTrackId);
  const pathway = presentation.pathways.find((candidate) => candidate.id === pathwayId);
  const text = pathway === undefined || trackId === undefined ? null : writeHlsMedia(presentation, pathway, trackId);
  return text === null ? said(404, 'There is no such track.') : given(HLS_TYPE, text);
}

async function presentationOf(parts: PlaybackParts, session: Session, url: string): Promise<Presentation | null> {
  const edition = await parts.catalogue.edition(session.editionId);
  if (edition === null) return null;
  const { token } = await parts.tokens.issue({ sessionId: session.id, editionId: edition.id });
  return {
    edition: withinHeight(edition, session.grant?.heightMax ?? 0),
    pathways: session.pathways,
    token,
    steeringUrl: `${url}/steering/v1/${session.id}/${edition.id}`,
    sessionUrl: `${url}/sessions/${session.id}`,
  };
}

/** Under the name by which the client reached the gateway: it may be another than the configured one, such as behind a tunnel. */
function publicUrl(request: IncomingMessage, otherwise: string): string {
  const host = request.headers['x-forwarded-host'];
  const scheme = request.headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return typeof host === 'string' && /^[A-Za-z0-9.-]{1,200}(:[0-9]{1,5})?$/.test(host) ? `${scheme}://${host}` : otherwise;
}

function said(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: Buffer.from(`${text}\n`) };
}

function given(type: string, body: string | Buffer): Answer {
  return { status: 200, type, body: Buffer.from(body) };
}

function indexOf({ edition }: Presentation, trackId: string): Answer {
  const track = trackFile(edition, trackId);
  return track === null ? said(404, 'There is no such track.') : given('video/mp4', writeSegmentIndex(track));
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body, retryAfter }: Answer): void {
  const headers = { 'content-type': type, 'content-length': body.length, 'cache-control': 'no-store' };
  response.writeHead(status, retryAfter === undefined ? headers : { ...headers, 'retry-after': retryAfter });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The catalogue, control or the store; anything else is our own fault and answered as such. */
function isDependencyDown(fault: unknown): boolean {
  return fault instanceof KvFault || (fault instanceof RpcError && (fault.code === 'unavailable' || fault.code === 'deadline_exceeded'));
}
