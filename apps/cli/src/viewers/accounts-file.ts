import { readFileSync } from 'node:fs';
import type { Credentials } from '@bioscope/viewer';
import { Complaint } from '../command.ts';

/** Members of the operator's own: `[{"email":"…","password":"…"}]`. */
export function readAccounts(file: string): readonly Credentials[] {
  const value = readJson(file);
  if (Array.isArray(value) && value.length > 0 && value.every(isCredentials)) return value;
  throw new Complaint(`--accounts: ${file} is no list of {"email": "…", "password": "…"}`);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new Complaint(`--accounts: ${file} cannot be read as JSON`, { cause });
  }
}

function isCredentials(value: unknown): value is Credentials {
  return (
    typeof value === 'object' &&
    value !== null &&
    'email' in value &&
    'password' in value &&
    typeof value.email === 'string' &&
    typeof value.password === 'string'
  );
}
