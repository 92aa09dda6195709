import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Doors } from '../src/index.ts';

/** One answer of the fake service. `undefined` from `disturb`: as it would answer if it were well. */
export type FakeAnswer =
  | { readonly status: number; readonly body?: string | Buffer; readonly headers?: Readonly<Record<string, string>> }
  | 'silence'
  | 'reset';

export type FakeRequest = {
  /** `app`, `api`, `play`, or `appliance-a`, `appliance-b`. */
  readonly door: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Of JSON bodies; empty without one. */
  readonly json: Readonly<Record<string, unknown>>;
};

export type FakeService = {
  readonly doors: Doors;
  readonly seen: FakeRequest[];
  readonly addressOf: Readonly<Record<'a' | 'b', string>>;
  disturb: (request: FakeRequest) => FakeAnswer | undefined;
  /** The token that appliances take and playback hands out. */
  token: string;
  close(): void;
};

export type FakeFilm = { readonly segments: number; readonly segmentMs: number };

const HEAD_BYTES = 50;
const SEGMENT_BYTES = { video: 1_000, audio: 200 } as const;
type Track = keyof typeof SEGMENT_BYTES;

/** All bytes a player fetches of the film when it watches it whole. */
export function bytesOf({ segments }: FakeFilm): number {
  return 2 * headBytes(segments) + segments * (SEGMENT_BYTES.video + SEGMENT_BYTES.audio);
}

/** Doors and two appliances with one film, as the contracts say they answer. */
export async function startFakeService(film: FakeFilm): Promise<FakeService> {
  const servers: Server[] = [];
  const seen: FakeRequest[] = [];
  const listen = async (address: string, doorOf: (request: IncomingMessage) => string): Promise<number> => {
    const server = createServer((request, response) => void answer(request, response, doorOf(request)));
    server.listen(0, address);
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse, door: string): Promise<void> => {
    const asked = { door, path: request.url ?? '', headers: request.headers, json: await readBody(request) };
    seen.push(asked);
    const given = service.disturb(asked) ?? wellAnswer(service, film, asked);
    if (given === 'silence') return;
    if (given === 'reset') request.socket.destroy();
    else response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers }).end(given.body ?? '{}');
  };
  const a = await listen('127.0.0.2', () => 'appliance-a');
  const b = await listen('127.0.0.3', () => 'appliance-b');
  const port = await listen('127.0.0.1', (request) => request.headers.host?.split('.')[0] ?? '');
  const origin = (name: string): string => `http://${name}.localhost:${port}`;
  const service: FakeService = {
    doors: { app: origin('app'), api: origin('api'), play: origin('play') },
    seen,
    addressOf: { a: `127.0.0.2:${a}`, b: `127.0.0.3:${b}` },
    disturb: () => undefined,
    token: 'first',
    close() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
  return service;
}

function wellAnswer(service: FakeService, film: FakeFilm, { door, path, headers }: FakeRequest): FakeAnswer {
  if (door.startsWith('appliance-')) return applianceAnswer(service, film, path, headers.range ?? '');
  const token = { token: service.token, expiresAtMs: Date.now() + 600_000 };
  switch (new URL(path, 'http://fake').pathname) {
    case '/bioscope.catalog.v1.CatalogService/ListTitles':
      return said({ titles: ['one', 'two', 'three'].map((id) => ({ id, state: 'TITLE_STATE_PLAYABLE' })) });
    case '/bioscope.playback.v1.PlaybackService/StartSession':
      return said({ granted: { sessionId: 's1', dashPath: '/sessions/s1/manifest.mpd', token, heartbeatEveryMs: 1_000 } });
    case '/bioscope.playback.v1.PlaybackService/Heartbeat':
      return said({ token });
    case '/sessions/s1/manifest.mpd':
      return { status: 200, body: manifest(service, film) };
    case '/steering/v1/s1/e':
      return said({ VERSION: 1, TTL: 2, 'RELOAD-URI': '/steering/v1/s1/e', 'PATHWAY-PRIORITY': ['a', 'b'] });
    default:
      return said({});
  }
}

function applianceAnswer(service: FakeService, film: FakeFilm, path: string, range: string): FakeAnswer {
  const [, token, track] = /^\/t\/([^/]+)\/e\/(video|audio)\.mp4$/.exec(path) ?? [];
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (track === undefined || from === undefined || to === undefined) return { status: 404 };
  if (token !== service.token) return { status: 403 };
  const file = trackFile(track as Track, film);
  const body = file.subarray(Number(from), Number(to) + 1);
  return { status: 206, body, headers: { 'content-range': `bytes ${from}-${to}/${file.length}` } };
}

function manifest({ addressOf, token, doors }: FakeService, film: FakeFilm): string {
  const base = (id: 'a' | 'b'): string => `<BaseURL serviceLocation="${id}">http://${addressOf[id]}/t/${token}/e/</BaseURL>`;
  const set = (track: Track, more: string): string =>
    `<AdaptationSet contentType="${track}" mimeType="${track}/mp4"><Representation id="${track}" bandwidth="1000" ${more}><BaseURL>${track}.mp4</BaseURL>` +
    `<SegmentBase timescale="1000" indexRange="${HEAD_BYTES}-${headBytes(film.segments) - 1}"><Initialization range="0-${HEAD_BYTES - 1}"/></SegmentBase></Representation></AdaptationSet>`;
  return (
    `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT${(film.segments * film.segmentMs) / 1000}S" minBufferTime="PT1S">` +
    `${base('a')}${base('b')}<ContentSteering queryBeforeStart="false">${doors.play}/steering/v1/s1/e</ContentSteering>` +
    `<Period id="1" start="PT0S">${set('video', 'codecs="avc1.4d400d" width="426" height="240"')}${set('audio', 'codecs="mp4a.40.2" audioSamplingRate="48000"')}</Period></MPD>`
  );
}

/** Initialization, a `sidx` of version 1 (ISO/IEC 14496-12, 8.16.3) whose first offset is zero, then the segments. */
function trackFile(track: Track, { segments, segmentMs }: FakeFilm): Buffer {
  const file = Buffer.alloc(headBytes(segments) + SEGMENT_BYTES[track] * segments);
  file.writeUInt32BE(HEAD_BYTES, 0);
  file.write('moov', 4, 'latin1');
  file.writeUInt32BE(headBytes(segments) - HEAD_BYTES, HEAD_BYTES);
  file.write('sidx', HEAD_BYTES + 4, 'latin1');
  file.writeUInt8(1, HEAD_BYTES + 8);
  file.writeUInt32BE(1_000, HEAD_BYTES + 16);
  file.writeUInt16BE(segments, HEAD_BYTES + 38);
  for (let at = HEAD_BYTES + 40; at < headBytes(segments); at += 12) {
    file.writeUInt32BE(SEGMENT_BYTES[track], at);
    file.writeUInt32BE(segmentMs, at + 4);
  }
  return file;
}

function headBytes(segments: number): number {
  return HEAD_BYTES + 40 + 12 * segments;
}

function said(answer: object): FakeAnswer {
  return { status: 200, body: JSON.stringify(answer) };
}

async function readBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}
