import { spawnSync } from 'node:child_process';
import { findProgram } from '@bioscope/host';
import { processEnvironment } from '../config.ts';
import type { Environment } from '../config.ts';
import { TITLES } from '../kinds.ts';
import type { EngineKind } from '../kinds.ts';
import { isSetUp } from './artefact.ts';
import { findJava, OTHER_JAVAS } from './find-java.ts';
import type { JavaRange } from './find-java.ts';

/** Cassandra 5.0 is built for Java 11 and 17 and refuses newer ones; Kafka 4 brokers need 17 and run on later ones. */
export const JAVA = { cassandra: { min: 17, max: 17 }, kafka: { min: 17, max: 25 } } as const satisfies Record<string, JavaRange>;
const GO_MIN = [1, 25] as const;
const GO_DEADLINE_MS = 10_000;

/**
 * One sentence that says what must be installed before an engine can be started here, null when nothing is. It runs `java -version` or
 * `go version` (a tenth of a second). What is needed for the set-up only counts until the server is in the cache. `javas`: where further Javas are looked for.
 */
export function missingFor(kind: EngineKind, environment: Environment = processEnvironment(), javas = OTHER_JAVAS): string | null {
  const setUp = isSetUp(kind, environment);
  if (kind === 's3') return setUp ? null : missingGo(environment);
  return missingJava(kind, environment, javas) ?? (setUp ? null : missingMaven(kind, environment));
}

function missingJava(kind: 'cassandra' | 'kafka', environment: Environment, javas: string): string | null {
  const range = JAVA[kind];
  const { java, found } = findJava(range, environment, javas);
  if (java !== null) return null;
  const needed = kind === 'cassandra' ? 'Java 17' : 'Java 17 or newer';
  const seen = found.length === 0 ? 'no Java was found' : `found: Java ${found.join(', ')}`;
  return `${TITLES[kind]} needs ${needed} (${seen}): install it, on Debian with apt-get install openjdk-17-jre-headless`;
}

function missingMaven(kind: 'cassandra' | 'kafka', environment: Environment): string | null {
  if (findProgram('mvn', environment['PATH']) !== null) return null;
  return `${TITLES[kind]} is set up with Maven, and there is no mvn on PATH: install it, on Debian with apt-get install maven`;
}

function missingGo(environment: Environment): string | null {
  const go = findProgram('go', environment['PATH']);
  const needed = `${TITLES.s3} is built with Go ${GO_MIN.join('.')} or newer`;
  if (go === null) return `${needed}, and there is no go on PATH: install it from https://go.dev/dl`;
  const { stdout } = spawnSync(go, ['version'], { encoding: 'utf8', timeout: GO_DEADLINE_MS, env: { ...environment } });
  const version = goVersionOf(stdout ?? '');
  if (version !== null && (version[0] > GO_MIN[0] || (version[0] === GO_MIN[0] && version[1] >= GO_MIN[1]))) return null;
  return `${needed} (found: ${version === null ? `no version in the answer of ${go}` : `Go ${version.join('.')}`}): install it from https://go.dev/dl`;
}

/** From `go version go1.26.8 linux/amd64`. */
export function goVersionOf(text: string): [major: number, minor: number] | null {
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined || minor === undefined ? null : [Number(major), Number(minor)];
}
