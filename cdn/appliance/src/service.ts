import { mkdir } from 'node:fs/promises';
import { port, unit, type Unit } from '@bioscope/host';
import type { RpcHost } from '@bioscope/rpc';
import { readConfig, type ApplianceSettings } from './config.ts';
import { reportToAll } from './report-to-all.ts';
import { startAppliance } from './running-appliance.ts';

const NEEDS = { rpc: port<RpcHost>('rpc') };

/** One delivery server as a unit. A process may host several; they all call others as `appliance`. */
export function appliance(settings: ApplianceSettings): Unit<typeof NEEDS> {
  return unit({
    name: `appliance-${settings.id}`,
    needs: NEEDS,
    gives: {},
    async start({ rpc: host }, context) {
      const config = readConfig(settings, context.environment);
      await mkdir(config.folder, { recursive: true, mode: 0o700 });
      const rpc = host.as('appliance');
      const running = await startAppliance({
        config,
        rpc,
        control: reportToAll(rpc),
        log: context.log,
        metrics: context.metrics,
        environment: context.environment,
      });
      return {
        gives: {},
        // It serves from the first moment on; players are sent here once control has heard of it.
        ready: () => running.isKnown(),
        health() {
          const troubles = running.troubles();
          return troubles.length === 0 ? { kind: 'well' } : { kind: 'ill', because: troubles.join('; ') };
        },
        drain: () => running.drain(),
        stop: () => running.stop(),
      };
    },
  });
}
