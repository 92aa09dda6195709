import { KvFault } from '@bioscope/kv';
import type { Packer, SqliteFile, Unpacker } from '@bioscope/kv/sqlite-worker';
import type { Log, LogRecord } from '../port.ts';
import { READ, WRITE } from './operations.ts';

/** A partition that a member holds. `keep` is false when another member waits for it. */
export type Held = { readonly partition: number; readonly fence: number; readonly nextOffset: number; readonly keep: boolean };
export type Membership = { readonly topic: string; readonly group: string; readonly member: string };

/** What a consumer asks of the engine; every call is one round trip to a database thread. */
export type GroupEngine = {
  /** Joins or stays a member for `leaseMs`; returns what the member holds now. */
  join(membership: Membership, request: { process: string; leaseMs: number; fromLatest: boolean }): Promise<readonly Held[]>;
  fetch(
    topic: string,
    wanted: readonly { partition: number; from: number }[],
    recordsMax: number,
  ): Promise<readonly (readonly LogRecord[])[]>;
  /** False: the partition was lost to another member. With `park`, the last record is copied to the parked topic in the same transaction. */
  commit(membership: Membership, at: { partition: number; fence: number; nextOffset: number }, park: boolean): Promise<boolean>;
  release(membership: Membership, held: { partition: number; fence: number }): Promise<void>;
  leave(membership: Membership): Promise<void>;
  lag(topic: string, group: string): Promise<number>;
};

/** What other processes need of a log, all of it: `openSubscribers` makes subscriptions of it. Topics and groups are to be checked by who calls. */
export type LogEngine = GroupEngine & {
  readonly publish: Log['publish'];
  /** Calls back at each publication and each change of a group's members; returns how to stop that. */
  onNews(listener: (news: LogNews) => void): () => void;
};

/** `topic` is null when another process wrote, which does not tell what. */
export type LogNews = { readonly kind: 'published' | 'regrouped'; readonly topic: string | null };

export function groupEngine(file: SqliteFile): GroupEngine {
  return {
    join: ({ topic, group, member }, { process, leaseMs, fromLatest }) =>
      file.write({
        operation: WRITE.join,
        pack: (packer) => {
          for (const text of [topic, group, member, process]) packer.text(text);
          packer.f64(leaseMs);
          packer.u8(fromLatest ? 1 : 0);
        },
        decode: unpackHeld,
      }),
    fetch: (topic, wanted, recordsMax) =>
      file.read({
        operation: READ.fetch,
        pack: (packer) => {
          packer.text(topic);
          packer.u32(recordsMax);
          packer.u32(wanted.length);
          for (const { partition, from } of wanted) {
            packer.u32(partition);
            packer.f64(from);
          }
        },
        decode: (answer) => wanted.map(({ partition }) => unpackRecords(answer, topic, partition)),
      }),
    commit: ({ topic, group, member }, { partition, fence, nextOffset }, park) =>
      file.write({
        operation: WRITE.commit,
        pack: (packer) => {
          for (const text of [topic, group, member]) packer.text(text);
          packer.u32(partition);
          packer.f64(fence);
          packer.f64(nextOffset);
          packer.u8(park ? 1 : 0);
        },
        decode: (answer) => answer.u8() === 1,
      }),
    release: ({ topic, group, member }, { partition, fence }) =>
      file.write({
        operation: WRITE.release,
        pack: (packer) => {
          packer.text(topic);
          packer.text(group);
          packer.u32(partition);
          packer.text(member);
          packer.f64(fence);
        },
        decode: nothing,
      }),
    leave: ({ topic, group, member }) =>
      file.write({ operation: WRITE.leave, pack: (packer) => packTexts(packer, [topic, group, member]), decode: nothing }),
    lag: (topic, group) =>
      file.read({ operation: READ.lag, pack: (packer) => packTexts(packer, [topic, group]), decode: (answer) => answer.f64() }),
  };
}

/** Whether trying again can help: not when the log is closed or the request itself is wrong. */
export function isPassing(error: unknown): boolean {
  return error instanceof KvFault && error.code !== 'KV_CLOSED' && error.code !== 'KV_BAD_REQUEST';
}

function packTexts(packer: Packer, texts: readonly string[]): void {
  for (const text of texts) packer.text(text);
}

function unpackHeld(answer: Unpacker): readonly Held[] {
  const held: Held[] = [];
  while (answer.u8() === 1) held.push({ partition: answer.u32(), fence: answer.f64(), nextOffset: answer.f64(), keep: answer.u8() === 1 });
  return held;
}

function unpackRecords(answer: Unpacker, topic: string, partition: number): readonly LogRecord[] {
  const records: LogRecord[] = [];
  while (answer.u8() === 1) {
    const record = {
      topic,
      partition,
      offset: answer.f64(),
      key: answer.text(),
      type: answer.text(),
      value: answer.ownBytes(),
      recordedAtMs: answer.f64(),
    };
    const origin = answer.optional(() => ({ stream: answer.text(), sequence: answer.f64() }));
    records.push(origin === null ? record : { ...record, origin });
  }
  return records;
}

function nothing(): void {}
