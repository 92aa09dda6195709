import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moveStreams } from './move-streams.ts';
import type { MovedEvent } from './target.ts';
import type { Pass } from './transfer-parts.ts';

function eventAt(position: number): MovedEvent {
  return {
    stream: 's',
    sequence: position,
    type: 't',
    data: new Uint8Array(),
    commandId: `c${position}`,
    endsCommand: true,
    recordedAtMs: 0,
    position,
  };
}

describe('moving streams out of a store in use', () => {
  it('ends with what was there when it began, however fast others append', async () => {
    let newest = 3;
    const brought: number[] = [];
    const source = {
      namespaces: () => ['n'],
      newestPosition: () => newest,
      eventsAfter(_: string, after: number) {
        // While one event is read, two more are appended.
        newest += 2;
        return [eventAt(after + 1)];
      },
    };
    const bring = async (_: string, events: readonly MovedEvent[]): Promise<void> => {
      brought.push(...events.map(({ position }) => position));
      assert.ok(brought.length < 100, 'it runs after the writer for ever');
    };
    const pass = {
      destination: { transfer: { streams: { bring } } },
      compared: () => {},
      signal: new AbortController().signal,
    } as unknown as Pass;
    await moveStreams(source, pass, { after: () => 1, reached: async () => {} });
    assert.deepEqual(brought, [2, 3]);
  });
});
