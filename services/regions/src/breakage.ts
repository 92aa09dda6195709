import type { MessageInitShape } from '@bufbuild/protobuf';
import { ChaosService } from '@bioscope/chaos/contract';
import type { Standing } from '@bioscope/chaos/contract';
import type { Rpc } from '@bioscope/rpc';
import type { BreakageSchema, FaultInForceSchema } from '../contract/index.ts';

type Breakage = MessageInitShape<typeof BreakageSchema>;

/** Whoever looks waits for it with everything else. */
const DEADLINE_MS = 400;

/** Tells what is broken on purpose. Rules are in every process that takes any, so that one of them is enough to ask. Never rejects: faults are no reason to show nothing. */
export function askForBreakage(rpc: Pick<Rpc, 'client' | 'instancesOf'>): () => Promise<Breakage> {
  const chaos = rpc.client(ChaosService);
  return async () => {
    if (rpc.instancesOf('chaos').length === 0) return { possible: false, known: true };
    try {
      const { standing } = await chaos.list({}, { deadlineMs: DEADLINE_MS, idempotent: true });
      return { possible: true, known: true, faults: standing.flatMap(inForce) };
    } catch {
      return { possible: true, known: false };
    }
  };
}

function inForce({ rule, leaseMsLeft }: Standing): readonly MessageInitShape<typeof FaultInForceSchema>[] {
  if (rule === undefined) return [];
  const { id, side, effect, delayMs, share, callers, callees, regions, zones } = rule;
  return [{ id, side, effect, delayMs, share, callers, callees, regions, zones, leaseMsLeft }];
}
