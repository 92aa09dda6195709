import assert from 'node:assert/strict';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { HOME_PAGE_SHA256 } from './page.ts';
import type { HomeAnswer } from './page.ts';

export type Load = {
  /** Asks until the page comes whole: the edge learns of the graph only after it has started. */
  first(): Promise<string>;
  /** One question more; whether the answer is the first one. */
  isRight(): Promise<boolean>;
  /** Asks over connections that are kept, as many as questions are in flight. Rejects for any answer but the first one. Answers milliseconds. */
  run(load: { calls: number; inFlight: number }): Promise<number>;
};

const FIRST_MS_MAX = 60_000;
const PAUSE_MS = 200;
/** A server that stops in the middle must end the bench, not hang it. */
const ANSWER_MS_MAX = 20_000;
const QUESTION = JSON.stringify({ documentId: `sha256:${HOME_PAGE_SHA256}` });

/** A browser with the home page open, over and over. `address` is the gateway's. */
export function openLoad({ address, token }: { address: string; token: string }): Load {
  const agent = new Agent({ keepAlive: true });
  const [host, port] = address.split(':');
  const headers = {
    host: `api.localhost:${port}`,
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(QUESTION),
    'accept-language': 'en-GB,en;q=0.8',
    origin: `http://app.localhost:${port}`,
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
  };
  let expected = '';

  function ask(): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const options = { host, port, path: '/graphql', method: 'POST', headers, agent, timeout: ANSWER_MS_MAX };
      const request = httpRequest(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        response.on('error', reject);
      });
      request.on('timeout', () => request.destroy(new Error(`no byte for ${ANSWER_MS_MAX} ms`)));
      request.on('error', reject);
      request.end(QUESTION);
    });
  }

  return {
    async first() {
      const endMs = performance.now() + FIRST_MS_MAX;
      for (;;) {
        const { status, text } = await ask();
        if (status === 200 && isWhole(JSON.parse(text) as HomeAnswer)) return (expected = text);
        if (performance.now() > endMs) throw new Error(`the home page did not come: ${status} ${text.slice(0, 500)}`);
        await pause(PAUSE_MS);
      }
    },
    async isRight() {
      const { status, text } = await ask();
      return status === 200 && text === expected;
    },
    async run({ calls, inFlight }) {
      const startedMs = performance.now();
      let left = calls;
      const caller = async (): Promise<void> => {
        while (left > 0) {
          left -= 1;
          const { status, text } = await ask();
          assert.equal(status, 200);
          assert.equal(text, expected);
        }
      };
      await Promise.all(Array.from({ length: inFlight }, caller));
      return performance.now() - startedMs;
    },
  };
}

function isWhole({ data, errors }: HomeAnswer): boolean {
  return errors === undefined && data.home.rows.length > 0;
}
