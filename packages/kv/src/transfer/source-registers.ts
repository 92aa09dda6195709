import type { TransferSource } from './open-source.ts';
import { textOf } from './source-items.ts';
import type { MovedCommand, MovedRegister, RegisterName } from './target.ts';

export type SourceRegister = RegisterName & {
  readonly register: MovedRegister;
  /** When a removed one is forgotten; null for a live one. */
  readonly untilMs: number | null;
};

export type SourceRegisters = {
  all(): Iterable<SourceRegister>;
  /** With its commands, of one moment; null when there is none or it is forgotten. */
  find(name: RegisterName): (SourceRegister & { readonly commands: readonly MovedCommand[] }) | null;
};

type Row = {
  name: Uint8Array;
  version: number;
  value: Uint8Array | null;
  created_by: Uint8Array;
  created_version: number;
  until: number | null;
};

export function sourceRegisters({ database, moment }: TransferSource, clock: () => number): SourceRegisters {
  const columns = 'SELECT name, version, value, created_by, created_version, until FROM registers WHERE namespace = ?';
  const namespaces = database.prepare('SELECT id, name FROM namespaces ORDER BY id');
  const namespaceId = database.prepare('SELECT id FROM namespaces WHERE name = ?');
  const page = database.prepare(`${columns} AND name > ? ORDER BY name LIMIT ${ROWS_PER_PAGE}`);
  const one = database.prepare(`${columns} AND name = ?`);
  const commands = database.prepare(
    'SELECT command, version, until FROM register_commands WHERE namespace = ? AND name = ? AND succeeded = 1 AND until > ? ORDER BY version',
  );
  const isRemembered = ({ until }: Row): boolean => until === null || until > clock();

  return {
    *all() {
      for (const { id, name: namespace } of namespaces.all()) {
        let after: Uint8Array = new Uint8Array(0);
        for (;;) {
          const rows = page.all(Number(id), after) as Row[];
          for (const row of rows) {
            after = row.name;
            if (isRemembered(row)) yield registerOf(String(namespace), row);
          }
          if (rows.length < ROWS_PER_PAGE) break;
        }
      }
    },
    find({ namespace, name }) {
      const id = namespaceId.get(namespace)?.['id'];
      if (typeof id !== 'number') return null;
      const bytes = Buffer.from(name);
      return moment(() => {
        const row = one.get(id, bytes) as Row | undefined;
        if (row === undefined || !isRemembered(row)) return null;
        const remembered = commands.all(id, bytes, clock()).map(({ command, version, until }) => ({
          commandId: textOf(command as Uint8Array),
          version: Number(version),
          untilMs: Number(until),
        }));
        return { ...registerOf(namespace, row), commands: remembered };
      });
    },
  };
}

function registerOf(namespace: string, row: Row): SourceRegister {
  const { name, version, value, created_by: createdBy, created_version: createdVersion, until } = row;
  return { namespace, name: textOf(name), register: { version, value, createdBy: textOf(createdBy), createdVersion }, untilMs: until };
}

const ROWS_PER_PAGE = 200;
