import type { CallOptions } from '@bioscope/rpc';
import { KvFault } from '@bioscope/kv';
import type { Streams, Subscription } from '@bioscope/kv';
import { checkEvents, checkName, checkNamespace, checkWhole } from '@bioscope/kv/checks';
import { LIMITS } from '@bioscope/kv';
import type { FollowResponse } from '../../contract/index.ts';
import { eventFrom } from '../domain/kv-messages.ts';
import { followStream } from './follow-stream.ts';
import type { KvCalls } from './remote-kv.ts';

export type StreamsParts = {
  readonly follow: (request: { namespace: string; after?: string; waitMs: number }, how: CallOptions) => Promise<FollowResponse>;
  readonly isClosed: () => boolean;
  readonly keep: (subscription: Subscription) => void;
};

export function remoteStreams({ read, write }: KvCalls, { follow, isClosed, keep }: StreamsParts): Streams {
  return {
    async append({ namespace, stream, expectedVersion, events, commandId }, options) {
      checkNamespace(namespace);
      checkName('stream', stream);
      checkName('commandId', commandId);
      checkWhole('expectedVersion', expectedVersion, 0, Number.MAX_SAFE_INTEGER);
      checkEvents(events);
      const value = { stream, expectedVersion, events: [...events], commandId };
      const answer = await write({ namespace, does: { case: 'appendEvents', value } }, 'appended', options);
      if (answer.conflict) return { kind: 'conflict', version: answer.version };
      return { kind: 'appended', version: answer.version, repeated: answer.repeated };
    },

    async read({ namespace, stream, after = 0, eventsMax = LIMITS.eventsPerReadMax }, options) {
      checkNamespace(namespace);
      checkName('stream', stream);
      checkWhole('after', after, 0, Number.MAX_SAFE_INTEGER);
      checkWhole('eventsMax', eventsMax, 1, LIMITS.eventsPerReadMax);
      const found = await read({ namespace, does: { case: 'readEvents', value: { stream, after, eventsMax } } }, 'events', options);
      return { events: found.events.map(eventFrom), version: found.version };
    },

    subscribe({ namespace, after }, handler) {
      checkNamespace(namespace);
      if (isClosed()) throw new KvFault('KV_CLOSED', 'the store is closed');
      const subscription = followStream({
        after,
        handler,
        next: async (position, waitMs, how) => {
          const request = { namespace, waitMs, ...(position === null ? {} : { after: position }) };
          return (await follow(request, how)).events.map(eventFrom);
        },
      });
      keep(subscription);
      return subscription;
    },
  };
}
