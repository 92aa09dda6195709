import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Complaint } from '../command.ts';

/** What this service knows that nobody else may: made once, kept in the state folder, readable by its owner only. */
export type Secrets = {
  /** For operator calls on `api.`. */
  readonly operatorToken: string;
  /** 64 hexadecimal digits: the root of the credentials by which units know each other, and of signed links. */
  readonly rootSecret: string;
};

const FILE = 'secrets.json';

/** Reads the secrets, or makes them. A file that cannot be read is not replaced: links and logins would silently stop to work. */
export function openSecrets(folder: string): Secrets {
  const existing = readSecrets(folder);
  if (existing !== null) return existing;
  const made: Secrets = { operatorToken: randomBytes(24).toString('base64url'), rootSecret: randomBytes(32).toString('hex') };
  const file = join(folder, FILE);
  const handle = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeSync(handle, `${JSON.stringify(made, null, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(`${file}.new`, file);
  return made;
}

/** Null when there are none yet. */
export function readSecrets(folder: string): Secrets | null {
  const file = join(folder, FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return null;
    throw new Complaint(`cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  try {
    const value = JSON.parse(text) as Partial<Secrets>;
    if (typeof value.operatorToken === 'string' && value.operatorToken.length >= 16 && /^[0-9a-f]{64}$/.test(value.rootSecret ?? '')) {
      return { operatorToken: value.operatorToken, rootSecret: String(value.rootSecret) };
    }
  } catch {
    // Falls through to the complaint: not JSON is as broken as wrong fields.
  }
  throw new Complaint(`${file} is damaged: put it back from a backup, or delete it to get new secrets`);
}
