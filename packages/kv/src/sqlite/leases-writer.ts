import type { DatabaseSync } from 'node:sqlite';
import type { Operation } from '../sqlite-worker/program.ts';
import type { Namespaces } from './namespaces.ts';
import { WRITE } from './operations.ts';

type Row = { readonly holder: Uint8Array; readonly fence: number; readonly until: number };

/** One counter gives all fences, so that a fence grows with every new holder even when the lease's own row is gone. */
export function leaseWrites(database: DatabaseSync, namespaces: Namespaces): Record<number, Operation> {
  const select = database.prepare('SELECT holder, fence, until FROM leases WHERE namespace = ? AND name = ?');
  const nextFence = database.prepare('UPDATE last_fence SET fence = fence + 1 RETURNING fence');
  const take = database.prepare(`
    INSERT INTO leases (namespace, name, holder, fence, until) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET holder = excluded.holder, fence = excluded.fence, until = excluded.until`);
  const extend = database.prepare('UPDATE leases SET until = max(until, ?) WHERE namespace = ? AND name = ? RETURNING until');
  const release = database.prepare('DELETE FROM leases WHERE namespace = ? AND name = ? AND holder = ? AND fence = ?');

  return {
    [WRITE.acquireLease]: (request, answer, nowMs) => {
      const namespace = namespaces.idFor(request.text());
      const name = request.bytes();
      const holder = request.bytes();
      const until = nowMs + request.f64();
      const row = select.get(namespace, name) as Row | undefined;
      const held = row !== undefined && row.until > nowMs;
      if (held && Buffer.compare(row.holder, holder) !== 0) {
        answer.u8(0);
        answer.bytes(row.holder);
        answer.f64(row.until);
        return;
      }
      const fence = held ? row.fence : Number(nextFence.get()?.['fence']);
      if (!held) take.run(namespace, name, holder, fence, until);
      const expires = held ? Number(extend.get(until, namespace, name)?.['until']) : until;
      answer.u8(1);
      answer.f64(fence);
      answer.f64(expires);
    },
    [WRITE.renewLease]: (request, answer, nowMs) => {
      const namespace = namespaces.idFor(request.text());
      const name = request.bytes();
      const holder = request.bytes();
      const until = nowMs + request.f64();
      const fence = request.f64();
      const row = select.get(namespace, name) as Row | undefined;
      if (row === undefined || row.fence !== fence || Buffer.compare(row.holder, holder) !== 0) return answer.u8(0);
      answer.u8(1);
      answer.f64(Number(extend.get(until, namespace, name)?.['until']));
    },
    [WRITE.releaseLease]: (request) => {
      const namespace = namespaces.find(request.text());
      if (namespace !== null) release.run(namespace, request.bytes(), request.bytes(), request.f64());
    },
  };
}
