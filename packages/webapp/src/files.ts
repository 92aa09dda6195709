import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export const ENCODINGS = ['br', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** One file of the built app, with its compressed forms. */
export type WebFile = {
  readonly type: string;
  /** The name changes with the content: may be kept for ever. */
  readonly immutable: boolean;
  readonly identity: WebBody;
  readonly compressed: ReadonlyMap<Encoding, WebBody>;
  /** Of a page that is there in several languages: browsers are told which they got, and that it was chosen by what they accept. */
  readonly language?: string;
};
export type WebBody = { readonly bytes: Buffer; readonly etag: string };

/** Paths as browsers ask for them ("/assets/x.js") → file. */
export type WebFiles = ReadonlyMap<string, WebFile>;

// The whole app is about two megabytes; more means that the folder is not what it should be.
const BYTES_MAX = 64 * 1024 * 1024;
const FILES_MAX = 2_000;

/**
 * Reads the built app into memory, once: answers are then one consistent build, even while the next one is being written,
 * and no request ever names a path on the disk. Rejects when there is no build, naming the `workspace` to build.
 */
export async function readWebFiles({ folder, workspace }: { folder: string; workspace: string }): Promise<WebFiles> {
  const mend = `build the app first (npm run build -w ${workspace})`;
  const names = await listFiles(folder, mend);
  if (!names.includes('index.html')) throw new Error(`${folder} holds no index.html: ${mend}`);
  if (names.length > FILES_MAX) throw new Error(`${folder} holds ${names.length} files; a built app has at most ${FILES_MAX}`);
  const bodies = new Map<string, Buffer>();
  let total = 0;
  for (const name of names) {
    const bytes = await readFile(path.join(folder, name));
    total += bytes.length;
    if (total > BYTES_MAX) throw new Error(`${folder} holds more than ${BYTES_MAX} bytes: it is not a built app`);
    bodies.set(name, bytes);
  }
  const files = new Map<string, WebFile>();
  for (const [name, bytes] of bodies) if (!COMPRESSED.test(name)) files.set(`/${name}`, describe(name, bytes, bodies));
  return files;
}

/** A page made while the server runs, with its compressed forms, so that nobody waits for them. */
export async function madePage(html: string, language: string): Promise<WebFile> {
  const bytes = Buffer.from(html);
  // Not the highest: pages are made anew at runtime, and the last few percent would cost ten times the work.
  const br = promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: MADE_BROTLI_QUALITY } });
  const gz = promisify(gzip)(bytes);
  return {
    type: TYPES.get('.html') ?? '',
    immutable: false,
    identity: body(bytes),
    compressed: new Map([
      ['br', body(await br)],
      ['gzip', body(await gz)],
    ]),
    language,
  };
}

const MADE_BROTLI_QUALITY = 7;

const COMPRESSED = /\.(?:br|gz)$/;
// Vite puts hashed names under assets/ and copies everything else as it is.
const HASHED = /^assets\/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

function describe(name: string, bytes: Buffer, all: ReadonlyMap<string, Buffer>): WebFile {
  const compressed = new Map<Encoding, WebBody>();
  const br = all.get(`${name}.br`);
  const gz = all.get(`${name}.gz`);
  if (br !== undefined) compressed.set('br', body(br));
  if (gz !== undefined) compressed.set('gzip', body(gz));
  return {
    type: TYPES.get(path.extname(name)) ?? 'application/octet-stream',
    immutable: HASHED.test(name),
    identity: body(bytes),
    compressed,
  };
}

function body(bytes: Buffer): WebBody {
  return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.woff2', 'font/woff2'],
  ['.json', 'application/json'],
  ['.webmanifest', 'application/manifest+json'],
  ['.txt', 'text/plain; charset=utf-8'],
]);

async function listFiles(folder: string, mend: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  } catch (cause) {
    throw new Error(`cannot read the built app in ${folder}: ${mend}`, { cause });
  }
}
