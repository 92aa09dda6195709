import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/** A Chromium that is told what to do over its own pipe (https://chromedevtools.github.io/devtools-protocol/): no port is open. */
export type Devtools = {
  /** Rejects with what Chromium answers, or when it is gone. */
  send(method: string, parameters?: object, sessionId?: string): Promise<Readonly<Record<string, unknown>>>;
  /** Ends the browser and removes its profile. Idempotent. */
  close(): Promise<void>;
};

const ANSWER_WAIT_MS = 30_000;
/** Answers are small: nobody asks for pictures. */
const MESSAGE_BYTES_MAX = 16 * 1_024 * 1_024;

type Waiting = {
  readonly resolve: (result: Readonly<Record<string, unknown>>) => void;
  readonly reject: (cause: Error) => void;
  readonly timer: NodeJS.Timeout;
};
type Message = { readonly id?: number; readonly result?: Readonly<Record<string, unknown>>; readonly error?: { readonly message: string } };

export async function openChromium(executable: string): Promise<Devtools> {
  const profile = await mkdtemp(join(tmpdir(), 'bioscope-viewer-'));
  const child = spawn(executable, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [, , , toBrowser, fromBrowser] = child.stdio as [unknown, unknown, unknown, Writable, Readable];
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let isGone = false;

  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      isGone = true;
      for (const { reject, timer } of waiting.values()) {
        clearTimeout(timer);
        reject(new Error('Chromium is gone'));
      }
      waiting.clear();
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  // What was under way is rejected by the exit.
  toBrowser.on('error', () => undefined);
  fromBrowser.on('error', () => undefined);
  readMessages(fromBrowser, ({ id, result, error }) => {
    const asked = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || asked === undefined) return;
    waiting.delete(id);
    clearTimeout(asked.timer);
    if (error === undefined) asked.resolve(result ?? {});
    else asked.reject(new Error(error.message));
  });

  return {
    send(method, parameters = {}, sessionId) {
      if (isGone) return Promise.reject(new Error('Chromium is gone'));
      lastId += 1;
      const id = lastId;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`Chromium did not answer ${method} in ${ANSWER_WAIT_MS} ms`));
        }, ANSWER_WAIT_MS);
        waiting.set(id, { resolve, reject, timer });
        toBrowser.write(`${JSON.stringify({ id, method, params: parameters, ...(sessionId === undefined ? {} : { sessionId }) })}\0`);
      });
    },
    async close() {
      if (!isGone) child.kill('SIGKILL');
      await gone;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** JSON messages, each ended by a zero byte. */
function readMessages(stream: Readable, take: (message: Message) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop() ?? '';
    if (rest.length > MESSAGE_BYTES_MAX) rest = '';
    for (const part of parts) take(JSON.parse(part) as Message);
  });
}

const FLAGS = [
  '--headless=new',
  '--remote-debugging-pipe',
  // Chromium's own sandbox needs what containers running as root do not give.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // All of them play although none is in front.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--autoplay-policy=no-user-gesture-required',
  '--mute-audio',
];
