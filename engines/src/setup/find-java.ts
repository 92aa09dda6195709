import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '@bioscope/host';
import type { Environment } from '../config.ts';

export type Java = { readonly program: string; readonly major: number };
export type JavaRange = { readonly min: number; readonly max: number };

const DEADLINE_MS = 10_000;
/** Where distributions put the Javas that are not the default one. */
export const OTHER_JAVAS = '/usr/lib/jvm/*/bin/java';
/** More are not installed on one machine. */
const OTHERS_MAX = 20;

/** The first Java whose version suits: JAVA_HOME, PATH, then what else is installed. `found`: the versions that did not suit. */
export function findJava(
  range: JavaRange,
  environment: Environment,
  others = OTHER_JAVAS,
): { java: Java | null; found: readonly number[] } {
  const found: number[] = [];
  for (const program of candidates(environment, others)) {
    const major = javaMajor(program);
    if (major === null) continue;
    if (major >= range.min && major <= range.max) return { java: { program, major }, found };
    found.push(major);
  }
  return { java: null, found };
}

function candidates(environment: Environment, others: string): Set<string> {
  const home = environment['JAVA_HOME'];
  const fromHome = home === undefined || home === '' ? null : findProgram(join(home, 'bin', 'java'), undefined);
  const fromPath = findProgram('java', environment['PATH']);
  const elsewhere = globSync(others).sort().slice(0, OTHERS_MAX);
  return new Set([fromHome, fromPath, ...elsewhere].filter((each) => each !== null));
}

function javaMajor(program: string): number | null {
  const { stderr, status } = spawnSync(program, ['-version'], { encoding: 'utf8', timeout: DEADLINE_MS });
  return status === 0 ? majorOf(stderr) : null;
}

/** From `openjdk version "17.0.15" …`; Java 8 called itself 1.8. */
export function majorOf(text: string): number | null {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  if (first === undefined) return null;
  return first === '1' && second !== undefined ? Number(second) : Number(first);
}
