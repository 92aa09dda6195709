/**
 * The files of a new service by path. It keeps one short note per subject: little enough to be replaced in a minute, enough to show where
 * parsing, deciding, storing and replying go.
 */
export function serviceFiles(name: string): Readonly<Record<string, string>> {
  const type = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return {
    'package.json': manifest(name),
    'README.md': readme(name, type),
    [`contract/${name}.proto`]: contract(name, type),
    'contract/index.ts': `export * from './${name}_pb.ts';\n`,
    'src/service.ts': service(name, type),
    'src/config.ts': config(name, type),
    'src/domain/judge-note.ts': JUDGE,
    'src/domain/judge-note.test.ts': JUDGE_TEST,
    'src/store.ts': store(name, type),
    'src/handlers/put-note.ts': putNote(type),
    'src/handlers/get-note.ts': getNote(type),
    'test/service.test.ts': serviceTest(name, type),
  };
}

function manifest(name: string): string {
  const manifestOf = {
    name: `@bioscope/${name}`,
    version: '0.1.0',
    private: true,
    description: 'To be described in one line.',
    license: 'Apache-2.0',
    type: 'module',
    exports: { '.': './src/service.ts', './contract': './contract/index.ts' },
    dependencies: {
      '@bioscope/host': '*',
      '@bioscope/kv': '*',
      '@bioscope/rpc': '*',
      '@bufbuild/protobuf': '2.17.0',
    },
    devDependencies: { '@bioscope/telemetry': '*' },
  };
  return `${JSON.stringify(manifestOf, null, 2)}\n`;
}

function readme(name: string, type: string): string {
  return `# ${name}

**Purpose.** To be written: one sentence that a newcomer understands.

**Data owned.** kv namespace \`${name}\`: one note per subject.

**API.** \`${type}Service\` (\`contract/${name}.proto\`): PutNote, GetNote. Called by: gateway.

**When a dependency is down.** kv: calls fail with \`unavailable\`; nothing is lost, callers may repeat them.
`;
}

function contract(name: string, type: string): string {
  return `syntax = "proto3";

package bioscope.${name}.v1;

service ${type}Service {
  // Idempotent: the newest note of a subject stays. Durable when it answers.
  rpc PutNote(PutNoteRequest) returns (PutNoteResponse);
  rpc GetNote(GetNoteRequest) returns (GetNoteResponse);
}

message PutNoteRequest {
  // 1 to 100 characters.
  string subject = 1;
  string text = 2;
}
message PutNoteResponse {}

message GetNoteRequest {
  string subject = 1;
}
message GetNoteResponse {
  // Empty when there is none.
  string text = 1;
}
`;
}

function service(name: string, type: string): string {
  return `import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { RpcHost } from '@bioscope/rpc';
import { ${type}Service } from '../contract/index.ts';
import { readConfig } from './config.ts';
import { getNote } from './handlers/get-note.ts';
import { putNote } from './handlers/put-note.ts';
import { openStore } from './store.ts';

export const ${name} = unit({
  name: '${name}',
  needs: { kv: port<KvStore>('kv'), rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ kv, rpc }, { environment }) {
    const config = readConfig(environment);
    const store = openStore(kv);
    rpc.as('${name}').serve(
      ${type}Service,
      { putNote: putNote({ store, charactersMax: config.noteCharactersMax }), getNote: getNote({ store }) },
      { '*': ['gateway'] },
    );
    return { gives: {} };
  },
});
`;
}

function config(name: string, type: string): string {
  const variable = `BIOSCOPE_${name.toUpperCase()}_NOTE_CHARACTERS_MAX`;
  return `export type ${type}Config = { readonly noteCharactersMax: number };

/** Reads \`${variable}\` (default 500). Throws naming every setting that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ${type}Config {
  const text = environment['${variable}'] ?? '500';
  const noteCharactersMax = Number(text);
  if (!Number.isSafeInteger(noteCharactersMax) || noteCharactersMax < 1) {
    throw new Error(\`${variable} is "\${text}": use a whole number above zero\`);
  }
  return { noteCharactersMax };
}
`;
}

const JUDGE = `export type Note = { readonly subject: string; readonly text: string };
export type NoteVerdict = { readonly kind: 'good'; readonly note: Note } | { readonly kind: 'bad'; readonly because: string };

const SUBJECT_CHARACTERS_MAX = 100;

/** Decides whether a note may be kept, and in which form. */
export function judgeNote({ subject, text }: Note, charactersMax: number): NoteVerdict {
  const note = { subject: subject.trim(), text: text.trim() };
  if (note.subject === '') return { kind: 'bad', because: 'subject is empty' };
  if (note.subject.length > SUBJECT_CHARACTERS_MAX) return { kind: 'bad', because: \`subject is longer than \${SUBJECT_CHARACTERS_MAX} characters\` };
  if (note.text.length > charactersMax) return { kind: 'bad', because: \`text is longer than \${charactersMax} characters\` };
  return { kind: 'good', note };
}
`;

const JUDGE_TEST = `import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgeNote } from './judge-note.ts';

describe('a note', () => {
  it('is kept without the space around it', () => {
    assert.deepEqual(judgeNote({ subject: ' a ', text: ' b ' }, 5), { kind: 'good', note: { subject: 'a', text: 'b' } });
  });

  it('is refused with the reason when it has no subject or is too long', () => {
    assert.deepEqual(judgeNote({ subject: ' ', text: '' }, 5), { kind: 'bad', because: 'subject is empty' });
    assert.deepEqual(judgeNote({ subject: 'a', text: 'longer' }, 5), { kind: 'bad', because: 'text is longer than 5 characters' });
  });
});
`;

function store(name: string, type: string): string {
  return `import { documents } from '@bioscope/kv';
import type { KvStore } from '@bioscope/kv';

export type ${type}Store = {
  put(subject: string, text: string): Promise<void>;
  /** Null when there is none. */
  get(subject: string): Promise<string | null>;
};

/** Notes lie as one JSON document per subject in the namespace \`${name}\`. */
export function openStore(kv: Pick<KvStore, 'items'>): ${type}Store {
  const notes = documents(kv.items, { namespace: '${name}', parse: parseText });
  return {
    put: (subject, text) => notes.put(subject, text),
    get: (subject) => notes.get(subject),
  };
}

function parseText(json: unknown): string {
  if (typeof json !== 'string') throw new Error('a note must be a text');
  return json;
}
`;
}

function putNote(type: string): string {
  return `import { RpcError } from '@bioscope/rpc';
import { judgeNote } from '../domain/judge-note.ts';
import type { Note } from '../domain/judge-note.ts';
import type { ${type}Store } from '../store.ts';

export function putNote({ store, charactersMax }: { store: ${type}Store; charactersMax: number }): (request: Note) => Promise<Record<string, never>> {
  return async (request) => {
    const verdict = judgeNote(request, charactersMax);
    if (verdict.kind === 'bad') throw new RpcError('invalid_argument', verdict.because);
    await store.put(verdict.note.subject, verdict.note.text);
    return {};
  };
}
`;
}

function getNote(type: string): string {
  return `import type { ${type}Store } from '../store.ts';

export function getNote({ store }: { store: ${type}Store }): (request: { subject: string }) => Promise<{ text: string }> {
  return async ({ subject }) => ({ text: (await store.get(subject.trim())) ?? '' });
}
`;
}

function serviceTest(name: string, type: string): string {
  return `import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { port, startHost, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { RpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { ${type}Service } from '../contract/index.ts';
import { ${name} } from '../src/service.ts';

describe('${name}', () => {
  it('keeps a note, tells it, and refuses what it may not keep', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bioscope-${name}-'));
    const telemetry = createTelemetry({ process: 'test', sink: { write: () => {} }, processMetrics: false });
    const picture = createPicture();
    const units = ['${name}', 'gateway'];
    const secret = randomBytes(32).toString('hex');
    const rpc = await createRpcHost({ secret, units, zone: 'a', region: 'local', listen: { host: '127.0.0.1', port: 0 }, discovery: picture, ...telemetry });
    picture.pin({ service: '${name}', address: rpc.address });
    const kv = await openKv({ folder });
    const ports = unit({
      name: 'ports',
      needs: {},
      gives: { kv: port<KvStore>('kv'), rpc: port<RpcHost>('rpc') },
      start: async () => ({ gives: { kv, rpc } }),
    });
    const host = await startHost({ name: 'test', units: [ports, ${name}], environment: {}, telemetry });
    try {
      const client = rpc.as('gateway').client(${type}Service);
      await client.putNote({ subject: 'one', text: 'first' });
      assert.equal((await client.getNote({ subject: 'one' })).text, 'first');
      assert.equal((await client.getNote({ subject: 'two' })).text, '');
      await assert.rejects(client.putNote({ subject: '', text: 'x' }), /subject is empty/);
    } finally {
      await host.stop();
      await rpc.close();
      await kv.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
`;
}
