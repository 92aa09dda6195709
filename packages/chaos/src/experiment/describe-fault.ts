import type { FaultRule } from '../fault/rule.ts';
import type { Fault } from './experiment.ts';

/** The fault in a few words: `hold a-1-edge a-1-play`, `error at the server of registry`. */
export function describeFault(fault: Fault, targets: readonly string[]): string {
  if (fault.kind === 'rules') return fault.rules.map(describeRule).join(', ');
  if (fault.kind === 'do') return [fault.action, ...Object.values(fault.args)].join(' ');
  return [fault.kind, ...targets].join(' ');
}

function describeRule({ where, what, share }: FaultRule): string {
  const delay = what.delayMs === 0 ? '' : `${what.delayMsMax > what.delayMs ? 'about ' : ''}${what.delayMs} ms late`;
  const effect = what.effect === 'pass' ? delay : [what.effect, delay].filter((each) => each !== '').join(', ');
  const portion = share < 1 ? ` (${share * 100} %)` : '';
  return `${effect} at the ${where.side} of ${where.callees.join(', ') || 'all'}${portion}`;
}
