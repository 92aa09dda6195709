import type { DatabaseSync } from 'node:sqlite';
import type { Packer, Unpacker } from './packing.ts';

/**
 * What runs inside the threads of a SQLite file: how the file is laid out and what each operation does. A program module exports it as
 * `program`; the threads import it by URL. The same program runs twice: in the one writer thread, and in a reader thread whose connection
 * cannot write.
 */
export type SqliteProgram = {
  /** Marks the file as this program's: a positive 32-bit integer. A file with another mark is refused. */
  readonly applicationId: number;
  /** SQL per schema version, oldest first; only ever appended to. Each runs once, in a transaction. */
  readonly migrations: readonly string[];
  /** Called once per connection after migration. */
  prepare(database: DatabaseSync, context: ProgramContext): PreparedProgram;
};

export type ProgramContext = {
  readonly mode: 'write' | 'read';
  /** Writer thread: after the commit, tells the main thread something (packed by `pack`). Does nothing in a reader. */
  notify(pack: (packer: Packer) => void): void;
};

export type PreparedProgram = {
  /** By operation number. */
  readonly operations: Readonly<Record<number, Operation>>;
  /** Forget what was remembered from the transaction that has just been rolled back. */
  rolledBack?(): void;
  /** Called just before each commit, inside the transaction: the place to write what was gathered over the batch. */
  beforeCommit?(): void;
};

/**
 * Reads its request, does its work, packs its answer. Many operations share one transaction, so one that refuses must throw `Refusal`
 * before its first write. Any other error rolls the whole batch back; its operations then run again, each in a transaction of its own.
 */
export type Operation = (request: Unpacker, answer: Packer, nowMs: number) => void;

/** An operation's refusal; reaches the caller as a fault with this code. */
export class Refusal extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
