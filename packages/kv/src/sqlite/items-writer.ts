import type { DatabaseSync } from 'node:sqlite';
import { LIMITS } from '../limits.ts';
import { type Operation, Refusal } from '../sqlite-worker/program.ts';
import type { Namespaces } from './namespaces.ts';
import { WRITE } from './operations.ts';
import { createDeletedRecords } from './deleted-records.ts';

/**
 * Last writer wins by token. At equal tokens a deletion wins over a put, and the first put over its repetition: so a retry of either
 * changes nothing.
 */
export function itemWrites(database: DatabaseSync, namespaces: Namespaces): Record<number, Operation> {
  const deleted = createDeletedRecords(database);
  const upsert = database.prepare(`
    INSERT INTO items (namespace, record, key, token, until, value) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET token = excluded.token, until = excluded.until, value = excluded.value WHERE excluded.token > items.token`);
  const bury = database.prepare(`
    INSERT INTO items (namespace, record, key, token, until, value) VALUES (?, ?, ?, ?, ?, NULL)
    ON CONFLICT DO UPDATE SET token = excluded.token, until = excluded.until, value = NULL WHERE excluded.token >= items.token`);
  const eraseRange = database.prepare('DELETE FROM items WHERE namespace = ? AND record = ? AND key >= ? AND key < ? AND token <= ?');

  return {
    [WRITE.put]: (request) => {
      const namespace = namespaces.idFor(request.text());
      const record = request.bytes();
      const token = request.bytes();
      const mayBeDeleted = deleted.mayHave(namespace, record);
      const tokenMs = timeMsOf(token);
      for (let count = request.u32(); count > 0; count -= 1) {
        const key = request.bytes();
        const ttlMs = request.f64();
        const value = request.bytes();
        if (mayBeDeleted && deleted.covers(namespace, record, key, token)) continue;
        upsert.run(namespace, record, key, token, ttlMs === 0 ? null : tokenMs + ttlMs, value);
      }
    },
    [WRITE.deleteKeys]: (request, _answer, nowMs) => {
      const namespace = namespaces.idFor(request.text());
      const record = request.bytes();
      const token = request.bytes();
      for (let count = request.u32(); count > 0; count -= 1) bury.run(namespace, record, request.bytes(), token, nowMs + LIMITS.graceMs);
    },
    [WRITE.deleteRange]: (request, _answer, nowMs) => {
      const namespace = namespaces.idFor(request.text());
      const record = request.bytes();
      const token = request.bytes();
      const from = request.bytes();
      const to = request.bytes();
      if (Buffer.compare(from, to) >= 0) throw new Refusal('KV_BAD_REQUEST', 'a range must start before it ends');
      eraseRange.run(namespace, record, from, to, token);
      deleted.add({ namespace, record, from, to, token, until: nowMs + LIMITS.graceMs });
    },
  };
}

/** A token begins with its time in microseconds, big-endian. */
function timeMsOf(token: Uint8Array): number {
  return Math.floor(Number(new DataView(token.buffer, token.byteOffset).getBigUint64(0)) / 1000);
}
