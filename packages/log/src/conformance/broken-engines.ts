import { setImmediate } from 'node:timers';
import { setTimeout } from 'node:timers/promises';
import type { Log, LogRecordData } from '../port.ts';

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
  {
    mistake: 'counts as handled what comes while a member leaves',
    failsCheck: /while members come and go/,
    breakIt: (good) => ({
      ...good,
      subscribe: (request, handler) => {
        let leaving = false;
        const passed = { over: 0 };
        const subscription = good.subscribe(request, async (records) => {
          if (!leaving) return handler(records);
          passed.over += records.length;
        });
        return {
          ...subscription,
          async close() {
            leaving = true;
            while (passed.over === 0 && (await subscription.lag()) > 0) await setTimeout(1);
            await subscription.close();
          },
        };
      },
    }),
  },
  {
    mistake: 'lets two members work on the same records',
    failsCheck: /while members come and go/,
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
    mistake: 'knows repetitions only while somebody is subscribed',
    failsCheck: /drops repetitions of what a group has handled/,
    breakIt: (good) => {
      let closed = 0;
      const renamed = ({ origin, ...record }: LogRecordData): LogRecordData =>
        origin === undefined ? record : { ...record, origin: { ...origin, stream: `${origin.stream} ${closed}` } };
      return {
        ...good,
        publish: (topic, records) => good.publish(topic, records.map(renamed)),
        subscribe: (request, handler) => {
          const subscription = good.subscribe(request, handler);
          return {
            ...subscription,
            async close() {
              await subscription.close();
              closed += 1;
            },
          };
        },
      };
    },
  },
  {
    mistake: 'takes every event below the highest for a repetition',
    failsCheck: /first copy of an event however late/,
    breakIt: (good) => ({
      ...good,
      subscribe: (request, handler) => {
        let highest = 0;
        return good.subscribe(request, async (records) => {
          const above = records.filter(({ origin }) => origin === undefined || origin.sequence > highest);
          for (const { origin } of above) highest = Math.max(highest, origin?.sequence ?? 0);
          if (above.length > 0) await handler(above);
        });
      },
    }),
  },
];
