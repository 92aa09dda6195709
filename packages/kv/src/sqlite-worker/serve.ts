import { once } from 'node:events';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { createBatchRunner, type Notices } from './batch.ts';
import { openForReading, openForWriting, type FileOptions } from './database.ts';
import { beginAnswer, endFrame, NOTICE_ID, STATUS } from './frames.ts';
import { Packer } from './packing.ts';
import { type ProgramContext, Refusal, type SqliteProgram } from './program.ts';

export type ThreadData = { readonly program: string; readonly mode: 'write' | 'read'; readonly file: FileOptions };

/** What a thread says first. */
export type Greeting = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** Loads a program; opens its file at the first message; then runs its operations for the messages of `port`, until told to close. */
export async function serve(port: MessagePort, data: ThreadData): Promise<void> {
  const greet = (greeting: Greeting): void => port.postMessage(greeting);
  try {
    const { program } = (await import(data.program)) as { program: SqliteProgram };
    await once(port, 'message');
    const opened = open(program, data);
    const gathered = gatherNotices();
    const prepared = program.prepare(opened.database, { mode: data.mode, notify: gathered.notify });
    const runner = createBatchRunner(opened.database, prepared, data.mode, gathered.notices, (answers) => {
      if (answers.byteLength > 0) port.postMessage(answers, [answers]);
    });
    port.on('message', (first: ArrayBuffer | 'close') => {
      const { messages, closing } = takeWaiting(port, first);
      if (messages.length > 0) runner.run(messages);
      if (!closing) return;
      opened.close();
      port.close();
    });
    greet({ kind: 'ready' });
  } catch (error) {
    const code = error instanceof Refusal ? error.code : 'KV_UNAVAILABLE';
    greet({ kind: 'failed', code, message: error instanceof Error ? error.message : String(error) });
    port.close();
  }
}

function open(program: SqliteProgram, data: ThreadData): ReturnType<typeof openForWriting> {
  if (data.mode === 'write') return openForWriting(program, data.file);
  const database = openForReading(data.file.path);
  return { database, close: () => database.close() };
}

/** Everything that waits now, up to a bound: what came during the last fsync shares the next one. */
function takeWaiting(port: MessagePort, first: ArrayBuffer | 'close'): { messages: ArrayBuffer[]; closing: boolean } {
  if (first === 'close') return { messages: [], closing: true };
  const messages = [first];
  let bytes = first.byteLength;
  while (messages.length < MESSAGES_PER_BATCH_MAX && bytes < BYTES_PER_BATCH_MAX) {
    const next = receiveMessageOnPort(port)?.message as ArrayBuffer | 'close' | undefined;
    if (next === undefined) break;
    if (next === 'close') return { messages, closing: true };
    messages.push(next);
    bytes += next.byteLength;
  }
  return { messages, closing: false };
}

/** Holds notices back until their transaction is committed. */
function gatherNotices(): { notify: ProgramContext['notify']; notices: Notices } {
  let waiting: ((packer: Packer) => void)[] = [];
  return {
    notify: (pack) => void waiting.push(pack),
    notices: {
      flushInto(packer) {
        for (const pack of waiting) {
          const start = beginAnswer(packer, NOTICE_ID, STATUS.ok);
          pack(packer);
          endFrame(packer, start);
        }
        waiting = [];
      },
      forget() {
        waiting = [];
      },
    },
  };
}

/** Bounds on one transaction, so that an answer is never far away: a message holds at most 512 calls. */
const MESSAGES_PER_BATCH_MAX = 16;
const BYTES_PER_BATCH_MAX = 16 * 1024 * 1024;
