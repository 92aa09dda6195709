import type { DatabaseSync } from 'node:sqlite';
import { faultCodeOf } from './errors.ts';
import { beginAnswer, endFrame, frameEnd, packFault, STATUS } from './frames.ts';
import { Packer, Unpacker } from './packing.ts';
import { type PreparedProgram, Refusal } from './program.ts';

export type BatchRunner = {
  /** Runs every request of the messages and posts the answers; for a writer after they are on disk. Never throws. */
  run(messages: readonly ArrayBuffer[]): void;
};

export type Notices = { flushInto(packer: Packer): void; forget(): void };

/**
 * Group commit: all requests that wait run in one transaction and are answered after its one fsync. Should anything but a refusal go
 * wrong, the transaction is rolled back and the requests run one by one, so that only the one at fault fails.
 */
export function createBatchRunner(
  database: DatabaseSync,
  program: PreparedProgram,
  mode: 'write' | 'read',
  notices: Notices,
  post: (answers: ArrayBuffer) => void,
): BatchRunner {
  const answers = new Packer();
  const begin = database.prepare(mode === 'write' ? 'BEGIN IMMEDIATE' : 'BEGIN');
  const commit = database.prepare('COMMIT');

  /** Returns null, or why everything was rolled back. */
  function attempt(messages: readonly Requests[]): { error: unknown } | null {
    try {
      begin.run();
      for (const { unpacker, starts } of messages) {
        for (const at of starts) {
          runOne(unpacker, at);
          // Only a reader's answers are large, and only they may leave before the transaction ends.
          if (mode === 'read' && answers.length > ANSWER_BYTES_MAX) post(answers.take());
        }
      }
      program.beforeCommit?.();
      commit.run();
      notices.flushInto(answers);
      return null;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      program.rolledBack?.();
      notices.forget();
      answers.truncate(0);
      return { error };
    }
  }

  function runOne(unpacker: Unpacker, at: number): void {
    unpacker.seek(at + LENGTH_BYTES);
    const id = unpacker.u32();
    const operation = program.operations[unpacker.u8()];
    const nowMs = unpacker.f64();
    const start = beginAnswer(answers, id, STATUS.ok);
    try {
      if (operation === undefined) throw new Refusal('KV_BAD_REQUEST', 'no such operation');
      operation(unpacker, answers, nowMs);
      endFrame(answers, start);
    } catch (error) {
      answers.truncate(start);
      if (!(error instanceof Refusal)) throw error;
      packFault(answers, id, error.code, error.message);
    }
  }

  function runAlone(unpacker: Unpacker, at: number): void {
    const failure = attempt([{ unpacker, starts: [at] }]);
    if (failure !== null) {
      unpacker.seek(at + LENGTH_BYTES);
      packFault(answers, unpacker.u32(), faultCodeOf(failure.error), describe(failure.error));
    }
    post(answers.take());
  }

  return {
    run(messages) {
      const requests = messages.map(readRequests);
      if (attempt(requests) === null) return post(answers.take());
      for (const { unpacker, starts } of requests) for (const at of starts) runAlone(unpacker, at);
    },
  };
}

/** One message and where its frames start. */
type Requests = { readonly unpacker: Unpacker; readonly starts: readonly number[] };

function readRequests(message: ArrayBuffer): Requests {
  const unpacker = new Unpacker(message);
  const starts: number[] = [];
  while (!unpacker.done) {
    starts.push(unpacker.position);
    unpacker.seek(frameEnd(unpacker));
  }
  return { unpacker, starts };
}

function describe(error: unknown): string {
  return error instanceof Error ? `the database failed: ${error.message}` : 'the database failed';
}

const LENGTH_BYTES = 4;
/** A reader's answers leave in messages of about this size, so that a batch of large pages is never in memory whole. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
