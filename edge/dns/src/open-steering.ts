import { readFile } from 'node:fs/promises';
import type { Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import type { DnsConfig } from './config.ts';
import { staticSteering } from './static-steering.ts';
import type { Steering } from './steer/port.ts';

/** Steering as the settings say, and the way to end it. Rejects when its file cannot be read or is wrong. */
export async function openSteering({
  config,
}: {
  config: DnsConfig;
  rpc: Rpc;
  log: Logger;
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<{
  steering: Steering;
  close(): Promise<void>;
}> {
  return { steering: staticSteering(await readFile(config.steering, 'utf8'), config.steeredNames), close: async () => undefined };
}
