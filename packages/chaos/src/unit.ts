import { port, unit } from '@bioscope/host';
import { RpcError } from '@bioscope/rpc';
import type { RpcHost } from '@bioscope/rpc';
import { ChaosService } from '../contract/index.ts';
import type { Faults } from './fault/faults.ts';
import { messageOfRule, ruleOfMessage } from './fault/rule-message.ts';

/** The one who may order faults. Only a process with the root secret can speak in this name. */
export const CONTROLLER = 'chaos-controller';

/** Takes orders for the faults of this process. Host it only where faults are allowed (`BIOSCOPE_CHAOS=1`): without it none can be ordered from outside. */
export function chaosUnit({ faults }: { faults: Faults }) {
  return unit({
    name: 'chaos',
    needs: { rpc: port<RpcHost>('rpc') },
    gives: {},
    async start({ rpc }, { log }) {
      rpc.as('chaos').serve(
        ChaosService,
        {
          put({ rules, leaseMs }) {
            const known = new Set(faults.list().map(({ rule }) => rule.id));
            try {
              faults.put(rules.map(ruleOfMessage), leaseMs);
            } catch (cause) {
              if (cause instanceof RangeError) throw new RpcError('invalid_argument', cause.message);
              throw cause;
            }
            for (const { id } of rules) if (!known.has(id)) log.warn({ rule: id }, 'a fault on purpose begins');
            return {};
          },
          withdraw({ ids }) {
            if (ids.length === 0) faults.withdrawAll();
            else faults.withdraw(ids);
            log.warn({ rules: ids }, 'faults on purpose are over');
            return {};
          },
          list: () => ({
            standing: faults.list().map(({ rule, leaseMsLeft, hits }) => ({ rule: messageOfRule(rule), leaseMsLeft, hits })),
          }),
        },
        // Regions shows operators what is broken.
        { '*': [CONTROLLER], list: [CONTROLLER, 'regions'] },
      );
      return {
        gives: {},
        async stop() {
          faults.close();
        },
      };
    },
  });
}
