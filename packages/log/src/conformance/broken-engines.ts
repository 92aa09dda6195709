import { setImmediate } from 'node:timers';
import type { Log } from '../port.ts';

/** Engines with one mistake each, built over a good one: each must fail the check named with it. */
export type BrokenLog = { readonly mistake: string; readonly failsCheck: RegExp; readonly breakIt: (good: Log) => Log };

export const BROKEN_LOGS: readonly BrokenLog[] = [
  {
    mistake: 'does not look at origins',
    failsCheck: /an event of one origin once/,
    breakIt: (good) => ({
      ...good,
      publish: (topic, records) =>
        good.publish(
          topic,
          records.map(({ key, type, value }) => ({ key, type, value })),
        ),
    }),
  },
  {
    mistake: 'gives every member all records',
    failsCheck: /each record to one member of a group/,
    breakIt: (good) => {
      let members = 0;
      return {
        ...good,
        subscribe: (request, handler) => {
          members += 1;
          return good.subscribe({ ...request, group: `${request.group}-${members}` }, handler);
        },
      };
    },
  },
  {
    mistake: 'delivers a batch newest first',
    failsCheck: /keeps the order of each key/,
    breakIt: (good) => ({ ...good, subscribe: (request, handler) => good.subscribe(request, (records) => handler(records.toReversed())) }),
  },
  {
    mistake: 'commits before the handler is done',
    failsCheck: /tells how far a group is behind/,
    breakIt: (good) => ({
      ...good,
      subscribe: (request, handler) =>
        good.subscribe(request, async (records) => {
          setImmediate(() => void handler(records).catch(() => {}));
        }),
    }),
  },
  {
    mistake: 'gives up at the first rejection',
    failsCheck: /as often as asked, parks it/,
    breakIt: (good) => ({ ...good, subscribe: (request, handler) => good.subscribe({ ...request, attemptsMax: 0 }, handler) }),
  },
  {
    mistake: 'drops a batch that is rejected',
    failsCheck: /loses none of its neighbours/,
    breakIt: (good) => ({
      ...good,
      subscribe: (request, handler) => good.subscribe(request, (records) => handler(records).catch(() => {})),
    }),
  },
];
