import type { FaultInForce } from '@bioscope/regions/contract';
import { smallShare } from '../design/format.ts';
import { texts } from '../texts.ts';

/** "error at the server of graph for calls from web in zone 2 (50 % of the calls)". */
export function describeFault(fault: Omit<FaultInForce, '$typeName' | '$unknown' | 'id' | 'leaseMsLeft'>): string {
  const words = texts.regions;
  const { side, effect, delayMs, share, callers, callees, regions, zones } = fault;
  const late = delayMs > 0 ? words.late(delayMs) : '';
  // "pass": what comes late comes.
  const what = [effect === 'pass' ? '' : effect, late].filter((each) => each !== '').join(', ');
  const from = callers.length === 0 ? '' : words.faultFrom(callers);
  const where = regions.length + zones.length === 0 ? '' : words.faultIn(regions, zones);
  return `${words.faultAt(what, side, callees)}${from}${where}${share < 1 ? words.faultShare(smallShare(share)) : ''}`;
}
