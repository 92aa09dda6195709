import { BlobFault } from './port.ts';

export const KEY_CHARACTERS_MAX = 900;
/** File systems, also those under S3 servers, allow 255 bytes in a name; engines add marks of their own. */
export const KEY_PART_CHARACTERS_MAX = 200;

/** Rejects what is not a key of the port with `BLOB_BAD_KEY`; for engines. */
export function checkKey(key: string): void {
  const because = troubleWith(key);
  if (because !== null) throw new BlobFault('BLOB_BAD_KEY', `The blob key ${JSON.stringify(key.slice(0, 100))} ${because}.`);
}

function troubleWith(key: string): string | null {
  if (key.length === 0) return 'is empty';
  if (key.length > KEY_CHARACTERS_MAX) return `has ${key.length} characters; at most ${KEY_CHARACTERS_MAX} are allowed`;
  if (!/^[A-Za-z0-9._/-]+$/.test(key)) return 'has characters other than A-Z a-z 0-9 . _ / -';
  if (key.includes('..')) return 'contains ".."';
  for (const segment of key.split('/')) {
    if (segment === '') return 'has an empty part: no slash may stand at either end or beside another';
    if (segment.length > KEY_PART_CHARACTERS_MAX) return `has more than ${KEY_PART_CHARACTERS_MAX} characters between slashes`;
    if (segment === '.') return 'has a part that is only "."';
  }
  return null;
}
