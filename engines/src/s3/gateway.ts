import { join } from 'node:path';
import { serverProcess } from '../running/server-process.ts';
import type { EngineNode } from '../running/server-process.ts';

export type GatewayPlace = {
  readonly program: string;
  readonly folder: string;
  readonly recordFolder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly port: number;
  readonly region: string;
};
type Gateway = { readonly address: string; readonly accessKey: string; readonly secretKey: string; readonly sidecar: boolean };

const HEALTH_PATH = '/healthz';
const ANSWER_DEADLINE_MS = 1_000;
const START_DEADLINE_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;

/** One versitygw process on the place's `objects` folder. */
export function gateway(place: GatewayPlace, on: Gateway, onLost?: (message: string) => void): EngineNode {
  const objects = join(place.folder, 'objects');
  return serverProcess({
    name: 's3-1',
    address: on.address,
    command: place.program,
    args: [
      '--port',
      `${on.address}:${place.port}`,
      '--region',
      place.region,
      '--health',
      HEALTH_PATH,
      '--quiet',
      'posix',
      ...(on.sidecar ? ['--sidecar', join(place.folder, 'metadata')] : []),
      objects,
    ],
    // Not as arguments, which everybody on the machine can see.
    env: { ...place.env, ROOT_ACCESS_KEY: on.accessKey, ROOT_SECRET_KEY: on.secretKey, TMPDIR: join(place.folder, 'tmp') },
    cwd: place.folder,
    logFile: join(place.folder, 'server.log'),
    recordFolder: place.recordFolder,
    startDeadlineMs: START_DEADLINE_MS,
    stopDeadlineMs: STOP_DEADLINE_MS,
    answers: () => healthy(`http://${on.address}:${place.port}${HEALTH_PATH}`),
    ...(onLost === undefined ? {} : { onLost }),
  });
}

/**
 * Whether metadata must lie in files beside the objects, because the file system has no extended attributes. Node cannot ask; versitygw
 * checks at its start and refuses.
 */
export async function needsSidecar(place: GatewayPlace, on: Omit<Gateway, 'sidecar'>): Promise<boolean> {
  const trial = gateway(place, { ...on, sidecar: false });
  try {
    await trial.start();
    return false;
  } catch (error) {
    if (error instanceof Error && error.message.includes('xattr check failed')) return true;
    throw error;
  } finally {
    await trial.kill();
  }
}

async function healthy(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_DEADLINE_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
