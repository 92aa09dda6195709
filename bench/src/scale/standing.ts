import { joinDiscovery } from '@bioscope/discovery';
import type { Joined } from '@bioscope/discovery';
import { port, unit } from '@bioscope/host';
import type { Unit } from '@bioscope/host';
import type { AccessTokens, PassportOffice, Passports } from '@bioscope/passport';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { RpcHost } from '@bioscope/rpc';
import type { Telemetry } from '@bioscope/telemetry';
import { PASSPORTS } from '../home/ground.ts';

/** Public on purpose: the processes of the bench need it, nothing else trusts it. */
const SECRET = '5c'.repeat(32);

/** What every process of this bench stands on: RPC, registered with discovery as in service, and the keys of passports. */
export type Standing = {
  readonly rpc: RpcHost & { readonly address: string };
  /** Gives `rpc` and the passports' ports. */
  readonly given: Unit;
  /** How many instances of a unit this process knows. */
  readonly sees: (service: string) => number;
  /** Calls that this process has answered, whoever asked. */
  readonly answered: () => Promise<number>;
  /** Others may ask this process again. */
  readonly join: () => void;
  /** Nobody asks this process any more when it resolves; it goes on as it is otherwise. */
  readonly leave: () => Promise<void>;
};

/** `discovery`: where it is; absent in the process that hosts it. It has joined when it is answered. */
export async function stand(needs: { units: readonly string[]; discovery?: string; telemetry: Telemetry }): Promise<Standing> {
  const { units, telemetry } = needs;
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: SECRET,
    units,
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  picture.pin({ service: 'discovery', address: needs.discovery ?? host.address });
  let joined: Joined | undefined = joinDiscovery({ host, picture, log: telemetry.log });
  const given = unit({
    name: 'standing',
    needs: {},
    gives: {
      rpc: port<RpcHost>('rpc'),
      passports: port<Passports>('passports'),
      passportOffice: port<PassportOffice>('passportOffice'),
      accessTokens: port<AccessTokens>('accessTokens'),
    },
    start: async () => ({ gives: { rpc: host, ...PASSPORTS } }),
  });
  return {
    rpc: host,
    given,
    sees: (service) => picture.instances(service).length,
    answered: async () => callsIn(await telemetry.metrics.text()),
    join() {
      joined ??= joinDiscovery({ host, picture, log: telemetry.log });
    },
    async leave() {
      await joined?.withdraw();
      await joined?.stop();
      joined = undefined;
    },
  };
}

/** Of the exposition text: the counts of the histogram that every RPC host keeps. */
function callsIn(text: string): number {
  return text.matchAll(/^bioscope_rpc_server_seconds_count\{[^}]*\} (\d+)$/gm).reduce((calls, [, count]) => calls + Number(count), 0);
}
