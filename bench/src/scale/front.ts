import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { gateway } from '@bioscope/gateway';
import type { GatewayAddress } from '@bioscope/gateway';
import { port, startHost, unit } from '@bioscope/host';
import { remoteStateUnit } from '@bioscope/storage/client';
import { createTelemetry } from '@bioscope/telemetry';
import { stand } from './standing.ts';
import type { Standing } from './standing.ts';

export type Front = Pick<Standing, 'sees'> & { readonly address: string };

/** The gateway, alone in its process. */
export async function startFront({ folder, discovery }: { folder: string; discovery: string }): Promise<Front> {
  // The access log is written, as it is in service.
  const sink = createWriteStream(join(folder, 'gateway.log'));
  const telemetry = createTelemetry({ process: 'front', config: { format: 'json', level: 'info' }, sink });
  const { given, sees } = await stand({ units: ['state', 'gateway'], discovery, telemetry });
  let address = '';
  const observer = unit({
    name: 'observer',
    needs: { gateway: port<GatewayAddress>('gateway') },
    gives: {},
    async start(needs) {
      ({ address } = needs.gateway);
      return { gives: {} };
    },
  });
  const environment = { BIOSCOPE_PORT: '0', BIOSCOPE_OPERATOR_TOKEN: 'nobody operates this bench' };
  await startHost({
    name: 'front',
    units: [given, remoteStateUnit({ folder: join(folder, 'copies') }), gateway, observer],
    environment,
    telemetry,
  });
  return { sees, address };
}
