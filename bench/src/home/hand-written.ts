import type { IncomingMessage, ServerResponse } from 'node:http';
import { port, unit } from '@bioscope/host';
import { PASSPORT_HEADER } from '@bioscope/rpc';
import type { HttpContext, RpcHost, Upstream } from '@bioscope/rpc';

/**
 * The ceiling: the home page as somebody would write it by hand who wants nothing but this page, in the place of the graph gateway. The same three calls, two of
 * them at once, over the same connections, with what a service has to be told; no plan, no schema, no second attempt.
 */
export const handWritten = unit({
  name: 'graph',
  needs: { rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ rpc }) {
    const own = rpc.as('graph');
    const upstreams = {
      home: own.upstream('home', { connectionsMax: CONNECTIONS_MAX }),
      catalog: own.upstream('catalog', { connectionsMax: CONNECTIONS_MAX }),
      playback: own.upstream('playback', { connectionsMax: CONNECTIONS_MAX }),
    };
    own.mount('/graphql', (request, response, context) => answer(upstreams, request, response, context), ['gateway']);
    return {
      gives: {},
      async stop() {
        for (const each of Object.values(upstreams)) await each.close();
      },
    };
  },
});

/** As the graph gateway has them. */
const CONNECTIONS_MAX = 128;
const ANSWER_MS_MAX = 2_000;

const HOME = `{"query":"{home{billboard{...card}rows{id kind cards{...card}}}}fragment card on Card{title{id}playId positionMs isInMyList thumb}"}`;
const ENTITIES = 'query($these:[_Any!]!){_entities(representations:$these){...on Title';
const TITLES = `{"query":"${ENTITIES}{name posterPath maturity}}}","variables":{"these":[`;
const BOOKMARKS = `{"query":"${ENTITIES}{bookmark{positionMs}}}}","variables":{"these":[`;

type Service = 'home' | 'catalog' | 'playback';
type Card = { title: object | null } & Record<string, unknown>;
type Page = { readonly home: { readonly billboard: Card | null; readonly rows: readonly { readonly cards: readonly Card[] }[] } };
type Entities<T> = { readonly _entities: readonly (T | null)[] };

async function answer(
  upstreams: Readonly<Record<Service, Upstream>>,
  request: IncomingMessage,
  response: ServerResponse,
  { requestId, traceparent }: HttpContext,
): Promise<void> {
  // There is one page only, so there is nothing in the question to read.
  request.resume();
  const headers = ['content-type', 'application/json', 'x-request-id', requestId, 'traceparent', traceparent];
  headers.push(PASSPORT_HEADER, String(request.headers[PASSPORT_HEADER]), 'connect-timeout-ms', String(ANSWER_MS_MAX));
  if (request.headers['accept-language'] !== undefined) headers.push('accept-language', request.headers['accept-language']);
  const ask = <T>(service: Service, body: string): Promise<T> => post(upstreams[service], service, headers, body);

  const page = await ask<Page>('home', HOME);
  const cards = page.home.rows.flatMap((row) => row.cards);
  if (page.home.billboard !== null) cards.push(page.home.billboard);
  const ids = [...new Set(cards.map(idOf))];
  const these = `${ids.map((id) => `{"__typename":"Title","id":${JSON.stringify(id)}}`).join(',')}]}}`;
  const [titles, bookmarks] = await Promise.all([
    ask<Entities<object>>('catalog', TITLES + these),
    ask<Entities<{ bookmark: object | null }>>('playback', BOOKMARKS + these),
  ]);
  const byId = new Map(
    ids.map((id, index) => {
      const title = titles._entities[index];
      return [id, title ? { id, ...title, bookmark: bookmarks._entities[index]?.bookmark ?? null } : null];
    }),
  );
  for (const card of cards) card.title = byId.get(idOf(card)) ?? null;

  const text = JSON.stringify({ data: page });
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
}

/** A card comes from home with the id of its title. */
function idOf({ title }: Card): string {
  return (title as { id: string }).id;
}

async function post<T>(upstream: Upstream, service: Service, headers: readonly string[], body: string): Promise<T> {
  const { data, errors } = JSON.parse(await send(upstream, service, headers, body)) as { data?: T; errors?: unknown };
  if (data === undefined || data === null || errors !== undefined) throw new Error(`${service} answered with errors`);
  return data;
}

function send(upstream: Upstream, service: Service, headers: readonly string[], body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const route = upstream.choose();
    if (route === undefined) return reject(new Error(`nobody serves ${service}`));
    const chunks: Buffer[] = [];
    let status = 0;
    route.dispatcher.dispatch(
      {
        method: 'POST',
        path: `/http/${service}/graphql`,
        headers: [...headers, ...upstream.credential()],
        body,
        headersTimeout: ANSWER_MS_MAX,
        bodyTimeout: ANSWER_MS_MAX,
      },
      {
        onRequestStart() {},
        onResponseStart(_controller, code) {
          status = code;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          route.release('answered');
          if (status === 200) resolve(Buffer.concat(chunks).toString());
          else reject(new Error(`${service} answered ${status}`));
        },
        onResponseError(_controller, error) {
          route.release('failed');
          reject(error);
        },
      },
    );
  });
}
