import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment, serverEnvironment } from '../config.ts';
import { chooseAddresses, refuseTaken } from '../running/choose-addresses.ts';
import { openEngineFolder } from '../running/engine-folder.ts';
import { startTogether } from '../running/running-engine.ts';
import type { Running } from '../running/running-engine.ts';
import type { StartOptions } from '../running/start-options.ts';
import { setUp } from '../setup/set-up.ts';
import { gateway, needsSidecar } from './gateway.ts';
import type { GatewayPlace } from './gateway.ts';
import { makeBucket } from './make-bucket.ts';

export type S3Options = StartOptions;

export type S3Addresses = {
  /** `http://host:port`; buckets are addressed by path. */
  readonly endpoint: string;
  readonly region: string;
  /** Made at the start. */
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
};

type S3Layout = {
  readonly address: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Whether metadata lies in files beside the objects. */
  readonly sidecar: boolean;
};

export const S3_PORT = 7070;
const REGION = 'us-east-1';
const BUCKET = 'bioscope';
const BUCKET_DEADLINE_MS = 15_000;

/** Starts versitygw, an S3 server on files, and makes a bucket in it. Objects are visible as files in `<folder>/s3-1/objects`. */
export async function startS3(options: S3Options = {}): Promise<Running<S3Addresses>> {
  const environment = options.environment ?? processEnvironment();
  const artefact = await setUp({ kind: 's3', environment, say: options.say ?? (() => {}) });
  const folder = await openEngineFolder('s3', options.folder);
  try {
    const place: GatewayPlace = {
      program: join(artefact, 'bin', 'versitygw'),
      folder: join(folder.path, 's3-1'),
      recordFolder: join(folder.path, 'processes'),
      env: serverEnvironment(environment),
      port: S3_PORT,
      region: REGION,
    };
    for (const each of ['objects', 'metadata', 'tmp']) mkdirSync(join(place.folder, each), { recursive: true });
    const layout = await folder.layout(() => newLayout(place, options.addresses));
    await refuseTaken('versitygw', [layout.address], [S3_PORT]);
    const addresses: S3Addresses = {
      endpoint: `http://${layout.address}:${S3_PORT}`,
      region: REGION,
      bucket: BUCKET,
      accessKey: layout.accessKey,
      secretKey: layout.secretKey,
    };
    return await startTogether({
      folder,
      nodes: [gateway(place, layout, options.onLost)],
      addresses,
      together: () => makeBucket(addresses),
      togetherDeadlineMs: BUCKET_DEADLINE_MS,
    });
  } catch (error) {
    folder.close();
    throw error;
  }
}

async function newLayout(place: GatewayPlace, wished: readonly string[] | undefined): Promise<S3Layout> {
  const [address] = await chooseAddresses(wished, 1, [S3_PORT]);
  if (address === undefined) throw new Error('no loopback address for versitygw');
  const keys = { accessKey: `bioscope-${randomBytes(4).toString('hex')}`, secretKey: randomBytes(20).toString('hex') };
  return { address, ...keys, sidecar: await needsSidecar(place, { address, ...keys }) };
}
