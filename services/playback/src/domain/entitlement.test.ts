import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { create } from '@bufbuild/protobuf';
import { TitleSchema, TitleState, type Title } from '@bioscope/catalog/contract';

import { decidePlay, isAvailable } from './entitlement.ts';

const title = (changes: Partial<Title>): Title => ({
  ...create(TitleSchema, { id: 'film1', editionId: 'ed1', state: TitleState.PLAYABLE }),
  ...changes,
});
const because = (given: Title | null, nowMs = 0): string => {
  const decision = decidePlay(given, nowMs);
  return decision.kind === 'refused' ? decision.because : decision.editionId;
};

describe('whether a title may be played', () => {
  it('names the edition, or the reason why not', () => {
    assert.equal(because(title({})), 'ed1');
    assert.equal(because(null), 'unknown_title');
    assert.equal(because(title({ editionId: '', state: TitleState.PREPARING })), 'not_ready');
    assert.equal(because(title({ availableFromMs: 100 }), 99), 'not_available');
  });

  it('tells the viewer what preparation failed of', () => {
    const decision = decidePlay(title({ editionId: '', state: TitleState.FAILED, failure: 'The file is encrypted.' }), 0);
    assert.ok(decision.kind === 'refused');
    assert.match(decision.message, /could not be prepared: The file is encrypted\./);
  });

  it('holds from the first moment of the window to the last before its end; zero is no bound', () => {
    const window = { availableFromMs: 100, availableUntilMs: 200 };
    assert.deepEqual(
      [99, 100, 199, 200].map((nowMs) => isAvailable(window, nowMs)),
      [false, true, true, false],
    );
    assert.equal(isAvailable({ availableFromMs: 0, availableUntilMs: 0 }, Number.MAX_SAFE_INTEGER), true);
    assert.equal(isAvailable({ availableFromMs: 0, availableUntilMs: 5 }, 5), false);
    assert.equal(isAvailable({ availableFromMs: 5, availableUntilMs: 0 }, 4), false);
  });
});
