import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FileProblems, readExperiment } from '@bioscope/chaos';
import type { Experiment } from '@bioscope/chaos';
import { Complaint } from '../command.ts';

const FILES_MAX = 200;

/** The experiments of files and folders, folders in the order of their names. Complains about all problems of all files at once. */
export function readExperiments(paths: readonly string[]): readonly Experiment[] {
  const files = paths.flatMap(filesIn);
  if (files.length === 0) throw new Complaint(`there is no experiment (.yaml) in ${paths.join(', ')}`);
  if (files.length > FILES_MAX) throw new Complaint(`more than ${FILES_MAX} experiments`);
  const problems: string[] = [];
  const read = files.flatMap((file) => {
    try {
      return [readExperiment(file, readFileSync(file, 'utf8'))];
    } catch (cause) {
      if (!(cause instanceof FileProblems)) throw cause;
      problems.push(...cause.problems);
      return [];
    }
  });
  const names = read.map(({ name }) => name);
  for (const name of new Set(names.filter((each, at) => names.indexOf(each) !== at))) problems.push(`two experiments are named "${name}"`);
  if (problems.length > 0) throw new Complaint(problems.join('\n'));
  return read;
}

function filesIn(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch (cause) {
    throw new Complaint(`there is no ${path}`, { cause });
  }
  const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().map((name) => join(path, name));
}
