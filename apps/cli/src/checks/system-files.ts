import { basename } from 'node:path';

/** Files that start a service do so beside one other: more would wait for each other's encoders and browsers on two cores. */
export const SYSTEM_PARALLEL_MAX = 2;

/**
 * Files of the whole system in the order and company in which they run. Those with the word `alone` in their name measure how long things take,
 * or need the machine for themselves: they run last, one at a time.
 */
export function companyOf(files: readonly string[]): { readonly together: readonly string[]; readonly alone: readonly string[] } {
  const isAlone = (file: string): boolean => wordsOf(file).includes('alone');
  return { together: files.filter((file) => !isAlone(file)), alone: files.filter(isAlone) };
}

/**
 * Files that run once more with the state of their services in clusters: those with the word `everywhere` in their name. What the others show, pages,
 * players and appliances, meets no port of state but through what these call.
 */
export function onClusters(files: readonly string[]): readonly string[] {
  return files.filter((file) => wordsOf(file).includes('everywhere'));
}

function wordsOf(path: string): string[] {
  return basename(path)
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
