import { readFile } from 'node:fs/promises';
import type { Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import type { DnsConfig } from './config.ts';
import { staticSteering } from './static-steering.ts';
import { openRegionSteering } from './steer/open-region-steering.ts';
import type { Steering } from './steer/port.ts';

export type OpenSteering = {
  readonly config: Pick<DnsConfig, 'steering' | 'steeredNames'>;
  readonly rpc: Pick<Rpc, 'client'>;
  readonly log: Logger;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Steering as the settings say, and the way to end it. Rejects when a file of it cannot be read or is wrong. */
export async function openSteering({
  config,
  rpc,
  log,
  environment,
}: OpenSteering): Promise<{ steering: Steering; close(): Promise<void> }> {
  if (config.steering === 'regions') return openRegionSteering({ rpc, log, environment });
  const text = await readFile(config.steering, 'utf8');
  return { steering: staticSteering(text, config.steeredNames), close: async () => undefined };
}
