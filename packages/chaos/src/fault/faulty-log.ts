import { KvFault } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import type { Faults } from './faults.ts';
import { underStrike } from './under-strike.ts';
import type { StoreTrouble } from './under-strike.ts';

/** The longest that publishing may take before its caller thinks it lost. */
const DEADLINE_MS = 10_000;

/** The log, whose publications are slow, lost or refused as the rules say. Reading goes on. */
export function faultyLog(log: Log, faults: Faults): Log {
  return {
    publish: (topic, records) =>
      underStrike(faults, {
        callee: 'log',
        caller: topic,
        method: 'publish',
        isWrite: true,
        deadlineMs: DEADLINE_MS,
        run: () => log.publish(topic, records),
        fault,
      }),
    subscribe: (request, handler) => log.subscribe(request, handler),
    close: () => log.close(),
  };
}

const CODES = { unavailable: 'KV_UNAVAILABLE', deadline: 'KV_DEADLINE', full: 'KV_NO_SPACE' } as const;

function fault(trouble: StoreTrouble): KvFault {
  return new KvFault(CODES[trouble], 'a fault on purpose');
}
