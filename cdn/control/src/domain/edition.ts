import { EDITION_ID, FILE_NAME, SHA_256, type EditionPlan } from '../../contract/index.ts';

/** An edition is a ladder of rungs, audio, text and pictures; a plan with more files than this is a mistake. */
export const FILES_PER_EDITION_MAX = 500;

/** What is wrong with an edition that somebody wants held, naming the field and its mend; null when nothing is. */
export function problemWithEdition(edition: EditionPlan | undefined): string | null {
  if (edition === undefined) return 'edition: missing; send the edition with its files';
  if (!EDITION_ID.test(edition.editionId)) return `edition.edition_id: ${quoted(edition.editionId)} must match ${EDITION_ID.source}`;
  if (edition.titleId === '') return 'edition.title_id: empty; say which title the edition belongs to';
  if (edition.files.length === 0) return 'edition.files: empty; an edition has at least one file';
  if (edition.files.length > FILES_PER_EDITION_MAX) {
    return `edition.files: ${edition.files.length} files; at most ${FILES_PER_EDITION_MAX} are taken`;
  }
  const names = new Set<string>();
  for (const [index, file] of edition.files.entries()) {
    const at = `edition.files[${index}]`;
    if (!FILE_NAME.test(file.name)) return `${at}.name: ${quoted(file.name)} must match ${FILE_NAME.source}`;
    if (names.has(file.name)) return `${at}.name: ${quoted(file.name)} appears twice`;
    if (!Number.isSafeInteger(file.bytes) || file.bytes < 1) return `${at}.bytes: ${file.bytes} must be a whole number of at least 1`;
    if (!SHA_256.test(file.sha256)) return `${at}.sha256: must be 64 lower-case hexadecimal digits`;
    names.add(file.name);
  }
  return null;
}

/** Same title and same files in any order: then holding it again changes nothing. */
export function isSameEdition(one: EditionPlan, other: EditionPlan): boolean {
  return one.editionId === other.editionId && one.titleId === other.titleId && fingerprint(one) === fingerprint(other);
}

export function bytesOf(edition: EditionPlan): number {
  return edition.files.reduce((sum, file) => sum + file.bytes, 0);
}

function fingerprint(edition: EditionPlan): string {
  return edition.files
    .map((file) => `${file.name} ${file.bytes} ${file.sha256}`)
    .sort()
    .join('\n');
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 140));
}
