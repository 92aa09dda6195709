import { join } from 'node:path';
import type { BlobStore } from '@bioscope/blob';
import { openFileBlobs } from '@bioscope/blob/files';
import { port, unit } from '@bioscope/host';
import type { Unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import type { AccessTokens, PassportOffice, Passports } from '@bioscope/passport';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { Picture, RpcHost, RunningRpcHost } from '@bioscope/rpc';
import type { Telemetry } from '@bioscope/telemetry';

/** Public on purpose: the processes of the bench need it, nothing else trusts it. */
const SECRET = 'be'.repeat(32);
export const PASSPORTS = testPassports({ secret: SECRET });

/** What a process of this bench stands on: RPC on loopback, embedded state in a folder, the keys of passports. */
export type Ground = { readonly rpc: RunningRpcHost; readonly picture: Picture; readonly given: readonly Unit[] };

/** `units`: every unit of the process that calls or serves. */
export async function ground(needs: { folder: string; units: readonly string[]; telemetry: Telemetry }): Promise<Ground> {
  const { folder, units, telemetry } = needs;
  const picture = createPicture();
  const rpc = await createRpcHost({
    ...telemetry,
    secret: SECRET,
    units,
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  const kv = await openKv({ folder: join(folder, 'kv') });
  const log = await openLog({ folder: join(folder, 'log') });
  const blob = await openFileBlobs({ folder: join(folder, 'blob'), secret: Buffer.from(SECRET, 'hex') });
  const given = unit({
    name: 'ground',
    needs: {},
    gives: {
      rpc: port<RpcHost>('rpc'),
      kv: port<KvStore>('kv'),
      log: port<Log>('log'),
      blob: port<BlobStore>('blob'),
      passports: port<Passports>('passports'),
      passportOffice: port<PassportOffice>('passportOffice'),
      accessTokens: port<AccessTokens>('accessTokens'),
    },
    start: async () => ({ gives: { rpc, kv, log, blob, ...PASSPORTS } }),
  });
  return { rpc, picture, given: [given] };
}
