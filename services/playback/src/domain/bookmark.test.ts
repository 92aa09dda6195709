import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { decideBookmark, isFinished, resumePosition, type Bookmark } from './bookmark.ts';

const FILM = { titleId: 'film1', durationMs: 90 * 60_000, nowMs: 1000 };
const at = (positionMs: number, durationMs = FILM.durationMs): Bookmark => ({ titleId: 'film1', positionMs, durationMs, updatedAtMs: 500 });

describe('a bookmark', () => {
  it('keeps the newest report even when the viewer seeks backwards', () => {
    const decision = decideBookmark(at(60_000), { positionMs: 30_000, playing: true }, FILM);
    assert.deepEqual(decision, { kind: 'store', bookmark: { ...at(30_000), updatedAtMs: 1000 } });
  });

  it('is not wiped out by a player that has not begun yet', () => {
    assert.deepEqual(decideBookmark(at(60_000), { positionMs: 0, playing: false }, FILM), { kind: 'keep' });
    assert.equal(decideBookmark(at(60_000), { positionMs: 0, playing: true }, FILM).kind, 'store');
  });

  it('lies inside the film and never goes back in time, whatever is reported', () => {
    const report = fc.record({ positionMs: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), playing: fc.boolean() });
    fc.assert(
      fc.property(fc.array(fc.tuple(report, fc.nat(10_000)), { maxLength: 20 }), (reports) => {
        const kept: Bookmark[] = [];
        for (const [given, nowMs] of reports) {
          const before = kept.at(-1) ?? null;
          const decision = decideBookmark(before, given, { ...FILM, nowMs });
          if (decision.kind === 'keep') continue;
          const { bookmark } = decision;
          assert.ok(bookmark.positionMs >= 0 && bookmark.positionMs <= FILM.durationMs && Number.isInteger(bookmark.positionMs));
          assert.equal(bookmark.positionMs, Math.round(Math.min(given.positionMs, FILM.durationMs)));
          assert.ok(bookmark.updatedAtMs >= (before?.updatedAtMs ?? 0));
          kept.push(bookmark);
        }
      }),
    );
  });
});

describe('where a film goes on', () => {
  it('is where it was left', () => {
    assert.equal(resumePosition(at(600_000)), 600_000);
  });

  it('is the beginning when hardly anything was seen, or the film to its end', () => {
    assert.equal(resumePosition(null), 0);
    assert.equal(resumePosition(at(4_999)), 0);
    assert.equal(resumePosition(at(FILM.durationMs)), 0);
    assert.equal(resumePosition(at(FILM.durationMs * 0.95)), 0);
    assert.equal(resumePosition(at(FILM.durationMs * 0.949)), FILM.durationMs * 0.949);
  });

  it('counts the last two minutes of a long film as its end, not those of a short one', () => {
    const long = 30 * 60_000;
    assert.equal(isFinished(at(long - 120_000, long)), true);
    assert.equal(isFinished(at(long - 120_001, long)), false);
    const short = 10 * 60_000;
    assert.equal(isFinished(at(short - 110_000, short)), false);
    assert.equal(isFinished(at(short * 0.95, short)), true);
  });

  it('never lies behind the film', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.integer({ min: 1, max: 10_000_000 }), (positionMs, durationMs) => {
        const resumed = resumePosition(at(positionMs, durationMs));
        assert.ok(resumed === 0 || (resumed === positionMs && resumed < durationMs));
      }),
    );
  });
});
