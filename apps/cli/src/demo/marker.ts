import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How far the adding of a demo film has come. */
export type Marker =
  /** The server knows of an upload: adding goes on with it, so that a kill between import and marker adds nothing twice. */
  | { readonly state: 'uploading'; readonly uploadId: string }
  /** Added, once and for all: a film that the operator removed does not come back. */
  | { readonly state: 'added'; readonly workId: string };

export function readMarker(folder: string, slug: string): Marker | null {
  try {
    const value = JSON.parse(readFileSync(markerFile(folder, slug), 'utf8')) as Partial<Record<string, unknown>>;
    if (value['state'] === 'uploading' && typeof value['uploadId'] === 'string') return { state: 'uploading', uploadId: value['uploadId'] };
    if (value['state'] === 'added' && typeof value['workId'] === 'string') return { state: 'added', workId: value['workId'] };
    return null;
  } catch {
    return null;
  }
}

/** Durable when it returns. */
export function writeMarker(folder: string, slug: string, marker: Marker): void {
  const file = markerFile(folder, slug);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const handle = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(handle, JSON.stringify(marker));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${file}.new`, file);
}

function markerFile(folder: string, slug: string): string {
  return join(folder, 'demo', `${slug}.json`);
}
