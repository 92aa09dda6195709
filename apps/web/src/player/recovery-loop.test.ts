import type { Refusal } from '@bioscope/playback/contract';
import { RefusalSchema } from '@bioscope/playback/contract';
import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepRecovering, type RecoveryLoop } from './recovery-loop.ts';

/** A player with an empty buffer, whose service refuses the session when `refusal` is set. */
function player(): { loop: RecoveryLoop; log: string[]; at: { ms: number }; service: { refusal: Refusal | undefined } } {
  const log: string[] = [];
  const at = { ms: 0 };
  const service: { refusal: Refusal | undefined } = { refusal: undefined };
  const loop = keepRecovering({
    play: {
      beat: async () => void log.push('beat'),
      refusal: () => service.refusal,
    },
    now: () => at.ms,
    state: () => ({ positionMs: 0, playing: true, bufferedAheadMs: 0 }),
    retryStreaming: () => void log.push('retry'),
    onTrouble: (because) => void log.push(`trouble: ${because}`),
  });
  return { loop, log, at, service };
}

describe('the recovery of a stream', () => {
  it('does nothing while all is well', async () => {
    const { loop, log } = player();
    await loop.look();
    loop.failed(503);
    loop.succeeded();
    await loop.look();
    assert.deepEqual(log, []);
  });

  it('retries once per look, and counts the minute from the first failure', async () => {
    const { loop, log, at } = player();
    loop.failed(0);
    await loop.look();
    at.ms = 59_999;
    loop.failed(503);
    await loop.look();
    at.ms = 60_000;
    await loop.look();
    await loop.look();
    assert.deepEqual(log, ['retry', 'retry', 'trouble: unreachable']);
  });

  it('starts counting anew after a success', async () => {
    const { loop, log, at } = player();
    loop.failed(0);
    at.ms = 50_000;
    loop.succeeded();
    loop.failed(0);
    at.ms = 100_000;
    await loop.look();
    assert.deepEqual(log, ['retry']);
  });

  it('asks for a new token before it tries again, and ends when that is refused', async () => {
    const { loop, log, service } = player();
    loop.failed(410);
    await loop.look();
    service.refusal = create(RefusalSchema, { because: 'session_ended' });
    await loop.look();
    assert.deepEqual(log, ['beat', 'retry', 'trouble: refused']);
  });
});
