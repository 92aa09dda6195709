import { readFileSync } from 'node:fs';

import { fromJson } from '@bufbuild/protobuf';
import { EditionSchema, type Edition } from '@bioscope/catalog/contract';

import type { Presentation } from '../src/domain/manifest/presentation.ts';

const FOLDER = new URL('film/', import.meta.url);

/** The packaged film of these tests: its description, and the bytes that it describes. */
export function filmEdition(): Edition {
  return fromJson(EditionSchema, JSON.parse(readFileSync(new URL('edition.json', FOLDER), 'utf8')) as Parameters<typeof fromJson>[1]);
}

export function filmBytes(file: string): Buffer {
  return readFileSync(new URL(file, FOLDER));
}

export function filmPresentation(changes: Partial<Presentation> = {}): Presentation {
  return {
    edition: filmEdition(),
    pathways: [
      { id: 'oca-1', baseUrl: 'http://127.0.0.2:8081' },
      { id: 'oca-2', baseUrl: 'http://127.0.0.3:8081' },
    ],
    token: 'k1.1700000600.session1.mac',
    sessionUrl: 'http://play.localhost:8080/sessions/session1',
    steeringUrl: 'http://play.localhost:8080/steering/v1/session1/ed1',
    ...changes,
  };
}

/** The text of a golden file in `test/golden`. */
export function golden(name: string): string {
  return readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');
}
