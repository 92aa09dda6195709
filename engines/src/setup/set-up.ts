import { globSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '@bioscope/host';
import { cacheFolder } from '../config.ts';
import type { Environment } from '../config.ts';
import { takeLock } from '../exclusive-lock.ts';
import { TITLES, VERSIONS } from '../kinds.ts';
import type { EngineKind } from '../kinds.ts';
import { artefactFolder, isSetUp, pomFolder } from './artefact.ts';
import { missingFor } from './missing-for.ts';
import { runTool } from './run-tool.ts';

/** A first build of versitygw fetches and compiles a few hundred packages: two minutes on two cores. */
const SET_UP_DEADLINE_MS = 15 * 60_000;
const PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies';
const GO_MODULE = 'github.com/versity/versitygw/cmd/versitygw';

/**
 * Makes sure that a server's files are in the cache and answers their folder. Once per machine, by one process at a time: others wait. It
 * works in a temporary folder beside and renames it, so that a killed set-up leaves nothing that looks complete. Rejects with the sentence
 * of `missingFor` or with what the tool said.
 */
export async function setUp(request: { kind: EngineKind; environment: Environment; say: (line: string) => void }): Promise<string> {
  const { kind, environment } = request;
  const folder = artefactFolder(kind, environment);
  if (isSetUp(kind, environment)) return folder;
  const missing = missingFor(kind, environment);
  if (missing !== null) throw new Error(missing);
  const cache = cacheFolder(environment);
  const lock = await takeLock(join(cache, `${kind}.lock`), SET_UP_DEADLINE_MS);
  if (lock === null) throw new Error(`${TITLES[kind]}: another process has been setting it up for ${SET_UP_DEADLINE_MS / 60_000} minutes`);
  try {
    if (isSetUp(kind, environment)) return folder;
    request.say(`setting up ${TITLES[kind]} ${VERSIONS[kind]} in ${folder}: once …`);
    // We hold the lock: whatever is unfinished here belongs to a process that was killed.
    for (const name of globSync(`.${kind}-*`, { cwd: cache })) rmSync(join(cache, name), { recursive: true, force: true });
    const unfinished = mkdtempSync(join(cache, `.${kind}-`));
    try {
      await (kind === 's3' ? buildVersitygw(unfinished, environment) : copyJars(kind, unfinished, environment));
      renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
    return folder;
  } finally {
    lock.release();
  }
}

async function copyJars(kind: 'cassandra' | 'kafka', folder: string, environment: Environment): Promise<void> {
  await runTool({
    command: required('mvn', environment),
    args: ['-B', '-q', PLUGIN, '-DincludeScope=runtime', `-DoutputDirectory=${join(folder, 'lib')}`],
    cwd: pomFolder(kind),
    env: { ...environment },
    deadlineMs: SET_UP_DEADLINE_MS,
  });
}

async function buildVersitygw(folder: string, environment: Environment): Promise<void> {
  await runTool({
    command: required('go', environment),
    args: ['install', `${GO_MODULE}@${VERSIONS.s3}`],
    cwd: folder,
    env: { ...environment, GOBIN: join(folder, 'bin') },
    deadlineMs: SET_UP_DEADLINE_MS,
  });
}

function required(command: string, environment: Environment): string {
  const program = findProgram(command, environment['PATH']);
  if (program === null) throw new Error(`there is no ${command} on PATH`);
  return program;
}
