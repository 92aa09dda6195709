import type { DatabaseSync } from 'node:sqlite';
import type { Operation, ProgramContext } from '../sqlite-worker/program.ts';
import type { Namespaces } from './namespaces.ts';
import { WRITE } from './operations.ts';

/**
 * Appends events under an expected version. There is one writer, so the order of positions is the order of commits and a subscriber that
 * reads by position misses nothing. Whom to wake is told once per namespace and commit.
 */
export function streamWrites(
  database: DatabaseSync,
  namespaces: Namespaces,
  context: ProgramContext,
): { operations: Record<number, Operation>; beforeCommit(): void; rolledBack(): void } {
  const command = database.prepare('SELECT sequence FROM events WHERE namespace = ? AND stream = ? AND command = ? AND ends_command = 1');
  const head = database.prepare('SELECT sequence FROM events WHERE namespace = ? AND stream = ? ORDER BY sequence DESC LIMIT 1');
  const insert = database.prepare(`
    INSERT INTO events (namespace, stream, sequence, type, data, command, ends_command, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const appended = new Set<string>();

  const append: Operation = (request, answer, nowMs) => {
    const namespaceName = request.text();
    const namespace = namespaces.idFor(namespaceName);
    const stream = request.bytes();
    const expected = request.f64();
    const commandId = request.bytes();
    const before = command.get(namespace, stream, commandId)?.['sequence'];
    if (before !== undefined) {
      answer.u8(REPEATED);
      return answer.f64(Number(before));
    }
    const version = Number(head.get(namespace, stream)?.['sequence'] ?? 0);
    if (version !== expected) {
      answer.u8(CONFLICT);
      return answer.f64(version);
    }
    const count = request.u32();
    for (let index = 1; index <= count; index += 1) {
      insert.run(namespace, stream, version + index, request.text(), request.bytes(), commandId, index === count ? 1 : 0, nowMs);
    }
    appended.add(namespaceName);
    answer.u8(APPENDED);
    answer.f64(version + count);
  };

  return {
    operations: { [WRITE.append]: append },
    beforeCommit() {
      for (const namespace of appended) context.notify((packer) => packer.text(namespace));
      appended.clear();
    },
    rolledBack: () => appended.clear(),
  };
}

const CONFLICT = 0;
export const APPENDED = 1;
export const REPEATED = 2;
