import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { advance, aheadMs, openBuffer, receive, stallingForMs, stallsOf } from './buffer.ts';
import type { PlayBuffer } from './buffer.ts';

const FILM = { nowMs: 1_000, positionMs: 0, endsMs: [10_000, 10_000] };
const both = (buffer: PlayBuffer, readyMs: number, nowMs: number): PlayBuffer =>
  receive(receive(buffer, 0, readyMs, nowMs), 1, readyMs, nowMs);

describe('a play buffer', () => {
  it('shows the first frame when half a second of picture and sound is there', () => {
    const pictures = receive(openBuffer(FILM), 0, 4_000, 1_500);
    assert.equal(pictures.phase, 'starting');
    assert.equal(receive(pictures, 1, 499, 1_600).phase, 'starting');
    assert.equal(receive(pictures, 1, 500, 1_600).phase, 'playing');
  });

  it('counts no stall before the first frame', () => {
    const waited = advance(openBuffer(FILM), 60_000);
    assert.deepEqual([waited.playedMs, waited.stalledMs, waited.positionMs], [0, 0, 0]);
  });

  it('stalls at the very millisecond its buffer is out, however late one looks', () => {
    const stalled = advance(both(openBuffer(FILM), 2_000, 1_000), 8_000);
    assert.equal(stalled.phase, 'stalled');
    assert.deepEqual([stalled.playedMs, stalled.stalledMs, stalled.positionMs], [2_000, 5_000, 2_000]);
    assert.equal(stallingForMs(stalled), 5_000);
    const on = both(stalled, 4_000, 8_500);
    assert.deepEqual([on.phase, on.stalledMs, on.stalls, on.stallLongestMs], ['playing', 5_500, 1, 5_500]);
  });

  it('plays the time of a stall too short to be seen into the ratio, not into the count', () => {
    const on = both(advance(both(openBuffer(FILM), 2_000, 1_000), 3_200), 4_000, 3_249);
    assert.deepEqual([on.stalledMs, on.stalls, stallsOf(on).longestMs], [249, 0, 249]);
  });

  it('ends at the end, and neither plays nor stalls after it', () => {
    const ended = advance(both(openBuffer(FILM), 10_000, 1_000), 99_000);
    assert.deepEqual([ended.phase, ended.playedMs, ended.stalledMs], ['ended', 10_000, 0]);
  });

  it('is not held up by a sound that ends a frame before the picture', () => {
    const film = { ...FILM, endsMs: [10_000, 9_950] };
    const ended = advance(both(openBuffer(film), 10_000, 1_000), 11_000);
    assert.deepEqual([ended.phase, ended.positionMs], ['ended', 10_000]);
  });

  it('begins where it was left', () => {
    const resumed = both(openBuffer({ ...FILM, positionMs: 7_000 }), 8_000, 1_200);
    assert.deepEqual([resumed.phase, aheadMs(resumed, 0)], ['playing', 1_000]);
  });
});

describe('any play buffer', () => {
  const step = fc.record({ waitMs: fc.nat(4_000), track: fc.constantFrom(0, 1), pieceMs: fc.integer({ min: 1, max: 4_000 }) });
  const story = fc.record({
    steps: fc.array(step, { maxLength: 40 }),
    positionMs: fc.nat(9_000),
    endsMs: fc.tuple(fc.integer({ min: 9_500, max: 20_000 }), fc.integer({ min: 9_500, max: 20_000 })),
  });

  function* tell({
    steps,
    positionMs,
    endsMs,
  }: typeof story extends fc.Arbitrary<infer T> ? T : never): Generator<[PlayBuffer, PlayBuffer, number]> {
    let nowMs = 5_000;
    let buffer = openBuffer({ nowMs, positionMs, endsMs });
    for (const { waitMs, track, pieceMs } of steps) {
      nowMs += waitMs;
      const next = receive(buffer, track, (buffer.tracks[track]?.readyMs ?? 0) + pieceMs, nowMs);
      yield [buffer, next, nowMs];
      buffer = next;
    }
    yield [buffer, advance(buffer, nowMs + 30_000), nowMs + 30_000];
  }

  it('never plays what has not arrived, and never goes back', () => {
    fc.assert(
      fc.property(story, (told) => {
        for (const [before, after] of tell(told)) {
          assert.ok(after.positionMs >= before.positionMs);
          for (const { readyMs, endMs } of after.tracks) {
            assert.ok(readyMs >= endMs || after.positionMs <= Math.max(readyMs, told.positionMs));
            assert.ok(readyMs <= endMs);
          }
          assert.ok(aheadMs(after, 0) >= 0 && aheadMs(after, 1) >= 0);
        }
      }),
    );
  });

  it('accounts for every millisecond from the first frame to the end: played or stalled', () => {
    fc.assert(
      fc.property(story, (told) => {
        let firstFrameMs: number | undefined;
        for (const [, after, nowMs] of tell(told)) {
          if (firstFrameMs === undefined && after.phase !== 'starting') firstFrameMs = nowMs;
          assert.equal(after.playedMs, after.positionMs - told.positionMs);
          if (firstFrameMs !== undefined && after.phase !== 'ended') assert.equal(after.playedMs + after.stalledMs, nowMs - firstFrameMs);
          if (firstFrameMs === undefined) assert.equal(after.playedMs + after.stalledMs, 0);
        }
      }),
    );
  });

  it('comes to the same whether one looks often or once', () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 1, max: 997 }), (told, everyMs) => {
        for (const [before, after, nowMs] of tell(told)) {
          let looked = before;
          for (let atMs = before.atMs; atMs < nowMs; atMs += everyMs) looked = advance(looked, atMs);
          const once = advance(before, nowMs);
          assert.deepEqual(advance(looked, nowMs), once);
          assert.ok(after.stalledMs >= once.stalledMs);
        }
      }),
    );
  });
});
