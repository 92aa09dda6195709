import { Refusal, type SqliteProgram } from '../src/sqlite-worker/index.ts';

// A small program for sqlite-worker.test.ts. The query of its URL says which release it plays: "?schema=2".

const MIGRATIONS = [
  'CREATE TABLE notes (text TEXT NOT NULL)',
  "ALTER TABLE notes ADD COLUMN colour TEXT NOT NULL DEFAULT 'white'",
  'CREATE TABLE half_made (x); this is no SQL',
];
const schema = Number(new URL(import.meta.url).searchParams.get('schema'));

export const program: SqliteProgram = {
  applicationId: 77,
  migrations: MIGRATIONS.slice(0, schema),
  prepare(database, context) {
    const columns = database.prepare("SELECT group_concat(name, ' ') AS names FROM pragma_table_info('notes')");
    const tables = database.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half_made'");
    const texts = database.prepare("SELECT coalesce(group_concat(text, ' '), '') AS texts FROM notes");
    if (context.mode === 'read') {
      return {
        operations: {
          1: (_request, answer) => {
            answer.text(String(columns.get()?.['names']));
            answer.text(String(texts.get()?.['texts']));
            answer.f64(Number(tables.get()?.['n']));
          },
        },
      };
    }
    const insert = database.prepare('INSERT INTO notes (text) VALUES (?)');
    return {
      operations: {
        1: (request) => {
          const text = request.text();
          if (text === 'refused') throw new Refusal('KV_BAD_REQUEST', 'not this one');
          insert.run(text);
          if (text === 'broken') throw new Error('after its write');
          context.notify((packer) => packer.text(text));
        },
      },
    };
  },
};
