import type { DatabaseSync } from 'node:sqlite';
import { LIMITS } from '../limits.ts';
import type { Packer } from '../sqlite-worker/packing.ts';
import type { Operation } from '../sqlite-worker/program.ts';
import type { Namespaces } from './namespaces.ts';
import { WRITE } from './operations.ts';

type Row = {
  readonly version: number;
  readonly value: Uint8Array | null;
  readonly created_by: Uint8Array;
  readonly created_version: number;
};
type CommandRow = { readonly succeeded: number; readonly version: number | null; readonly value: Uint8Array | null };
type Target = { readonly namespace: number; readonly name: Uint8Array; readonly command: Uint8Array; readonly nowMs: number };

/**
 * Decided inside the one writer's transaction, so read and write are one step. A removed register stays as a row without value for the
 * grace time: its versions go on growing, and who still expects an old one cannot overwrite its successor.
 */
export function registerWrites(database: DatabaseSync, namespaces: Namespaces): Record<number, Operation> {
  const select = database.prepare('SELECT version, value, created_by, created_version FROM registers WHERE namespace = ? AND name = ?');
  const create = database.prepare(`
    INSERT INTO registers (namespace, name, version, value, created_by, created_version, until) VALUES (?, ?, ?, ?, ?, ?, NULL)
    ON CONFLICT DO UPDATE SET version = excluded.version, value = excluded.value, created_by = excluded.created_by,
      created_version = excluded.created_version, until = NULL`);
  const update = database.prepare('UPDATE registers SET version = ?, value = ?, until = ? WHERE namespace = ? AND name = ?');
  const findCommand = database.prepare(
    'SELECT succeeded, version, value FROM register_commands WHERE namespace = ? AND name = ? AND command = ?',
  );
  const keepCommand = database.prepare('INSERT INTO register_commands VALUES (?, ?, ?, ?, ?, ?, ?)');

  const current = (target: Target): Row | undefined => select.get(target.namespace, target.name) as Row | undefined;

  function repeated(target: Target, answer: Packer): boolean {
    const row = findCommand.get(target.namespace, target.name, target.command) as CommandRow | undefined;
    if (row === undefined) return false;
    packOutcome(answer, row.succeeded === 1, row.version, row.value);
    return true;
  }

  function conclude(target: Target, answer: Packer, succeeded: boolean, version: number | null, value: Uint8Array | null): void {
    keepCommand.run(target.namespace, target.name, target.command, succeeded ? 1 : 0, version, value, target.nowMs + LIMITS.graceMs);
    packOutcome(answer, succeeded, version, value);
  }

  function change(target: Target, expected: number, value: Uint8Array | null, answer: Packer): void {
    if (repeated(target, answer)) return;
    const row = current(target);
    if (row === undefined || row.value === null) return conclude(target, answer, false, null, null);
    if (row.version !== expected) return conclude(target, answer, false, row.version, row.value);
    update.run(expected + 1, value, value === null ? target.nowMs + LIMITS.graceMs : null, target.namespace, target.name);
    conclude(target, answer, true, expected + 1, null);
  }

  return {
    [WRITE.create]: (request, answer, nowMs) => {
      const target = { namespace: namespaces.idFor(request.text()), name: request.bytes(), command: request.bytes(), nowMs };
      const value = request.bytes();
      if (repeated(target, answer)) return;
      const row = current(target);
      if (row !== undefined && row.value !== null) {
        // The creator may ask again long after its command was swept: it still made this register.
        if (Buffer.compare(row.created_by, target.command) === 0) return packOutcome(answer, true, row.created_version, null);
        return conclude(target, answer, false, row.version, row.value);
      }
      const version = (row?.version ?? 0) + 1;
      create.run(target.namespace, target.name, version, value, target.command, version);
      conclude(target, answer, true, version, null);
    },
    [WRITE.compareAndSet]: (request, answer, nowMs) => {
      const target = { namespace: namespaces.idFor(request.text()), name: request.bytes(), command: request.bytes(), nowMs };
      change(target, request.f64(), request.bytes(), answer);
    },
    [WRITE.remove]: (request, answer, nowMs) => {
      const target = { namespace: namespaces.idFor(request.text()), name: request.bytes(), command: request.bytes(), nowMs };
      change(target, request.f64(), null, answer);
    },
  };
}

/** 1 and the new version; or 0 and the current register, if there is one. */
function packOutcome(answer: Packer, succeeded: boolean, version: number | null, value: Uint8Array | null): void {
  answer.u8(succeeded ? 1 : 0);
  answer.optional(version, (known) => answer.f64(known));
  answer.optional(value, (known) => answer.bytes(known));
}
