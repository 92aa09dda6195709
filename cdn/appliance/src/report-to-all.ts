import { setTimeout as pause } from 'node:timers/promises';
import { ControlService } from '@bioscope/control/contract';
import type { ReportResponse } from '@bioscope/control/contract';
import type { Client, Rpc } from '@bioscope/rpc';

type Reporting = Pick<Client<typeof ControlService>, 'report'>;

/** Instances of control that a deployment has over the life of one process; beyond it a client is made anew for each report. */
const CLIENTS_MAX = 1_000;
/** The nearest one answers in milliseconds; when it does not, another's answer is as good. */
const NEAREST_MS = 300;

/**
 * Reports to every instance of control, so that each has the whole picture; one that hangs holds up nobody. The answer is that of the nearest: the same one while it lives,
 * so that an instance that hears of a change a moment later does not take it back. Rejects when none answers.
 */
export function reportToAll(rpc: Rpc): Reporting {
  const anybody: Reporting = rpc.client(ControlService);
  const clients = new Map<string, Reporting>();
  const waitedFor = new Set<string>();

  function clientAt(address: string): Reporting {
    const client = clients.get(address) ?? rpc.client(ControlService, { at: address });
    if (clients.size < CLIENTS_MAX) clients.set(address, client);
    return client;
  }

  return {
    async report(request, options) {
      const addresses = rpc.addressesOf('control').filter((address) => !waitedFor.has(address));
      // Nobody known yet, or all of them hang: the call waits for somebody.
      if (addresses.length === 0) return await anybody.report(request, options);
      const answers = addresses.map(async (address) => {
        waitedFor.add(address);
        try {
          return await clientAt(address).report(request, options);
        } finally {
          waitedFor.delete(address);
        }
      });
      return await nearestOf(answers);
    },
  };
}

async function nearestOf(answers: readonly Promise<ReportResponse>[]): Promise<ReportResponse> {
  const any = Promise.any(answers);
  const late = pause(NEAREST_MS, undefined, { ref: false }).then(() => any);
  try {
    return await Promise.race([answers[0]?.catch(() => any) ?? any, late]);
  } catch (fault) {
    throw fault instanceof AggregateError ? fault.errors[0] : fault;
  }
}
