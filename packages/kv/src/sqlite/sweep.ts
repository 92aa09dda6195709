import type { DatabaseSync } from 'node:sqlite';
import { LIMITS } from '../limits.ts';
import type { Operation } from '../sqlite-worker/program.ts';
import { WRITE } from './operations.ts';

/**
 * Forgets what is past its time, a small batch per call so that no other write waits long; answers how many rows it touched. An expired
 * item first becomes a tombstone: a retry of the put that made it must not bring it back either.
 */
export function sweepOperation(database: DatabaseSync): Record<number, Operation> {
  const due = (table: string, key: string): string =>
    `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} WHERE until <= ? ORDER BY until LIMIT ${ROWS_PER_SWEEP_MAX})`;
  const dueItems = `SELECT namespace, record, key FROM items WHERE until <= ? ORDER BY until LIMIT ${ROWS_PER_SWEEP_MAX}`;
  const forget = database.prepare(`DELETE FROM items WHERE value IS NULL AND until <= ? AND (namespace, record, key) IN (${dueItems})`);
  const expire = database.prepare(
    `UPDATE items SET value = NULL, until = ? WHERE value IS NOT NULL AND until <= ? AND (namespace, record, key) IN (${dueItems})`,
  );
  const ranges = database.prepare(due('range_tombstones', 'id'));
  const registers = database.prepare(due('registers', 'namespace, name'));
  const commands = database.prepare(due('register_commands', 'namespace, name, command'));
  const leases = database.prepare(due('leases', 'namespace, name'));

  return {
    [WRITE.sweep]: (_request, answer, nowMs) => {
      let touched = 0;
      touched += Number(forget.run(nowMs, nowMs).changes);
      touched += Number(expire.run(nowMs + LIMITS.graceMs, nowMs, nowMs).changes);
      touched += Number(ranges.run(nowMs).changes) + Number(registers.run(nowMs).changes) + Number(commands.run(nowMs).changes);
      // An expired lease that nobody took may still be renewed by its holder.
      touched += Number(leases.run(nowMs - LIMITS.graceMs).changes);
      answer.f64(touched);
    },
  };
}

/** Some ten milliseconds of work. */
const ROWS_PER_SWEEP_MAX = 500;
