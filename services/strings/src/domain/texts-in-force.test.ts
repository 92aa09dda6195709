import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ownWords, textsInForce, type TextSet } from './texts-in-force.ts';

const shipped = new Map([
  ['en', { play: 'Play', back: 'Back', rare: 'Rare' }],
  ['de', { play: 'Abspielen', back: 'Zurück' }],
]);
const set = (language: string, key: string, text: string): TextSet => ({ language, key, text, why: 'test', madeBy: 'op' });
const inForce = (language: string, ...changes: TextSet[]) => textsInForce({ shipped, own: ownWords(changes), language });

describe('the texts in force', () => {
  it('are those of the language, and English where it has none', () => {
    assert.deepEqual(inForce('de'), { play: 'Abspielen', back: 'Zurück', rare: 'Rare' });
    assert.deepEqual(inForce('fr'), { play: 'Play', back: 'Back', rare: 'Rare' });
  });

  it('are an operator’s where there are any, the newest', () => {
    assert.equal(inForce('de', set('de', 'play', 'Los'), set('de', 'play', 'Film ab')).play, 'Film ab');
  });

  it('of a region are its own, then those of its language', () => {
    const changes = [set('de', 'play', 'Los'), set('de-AT', 'back', 'Retour')];
    assert.deepEqual(inForce('de-AT', ...changes), { play: 'Los', back: 'Retour', rare: 'Rare' });
    assert.equal(inForce('de', ...changes).back, 'Zurück');
  });

  it('do not take an operator’s English where the language has a text of its own', () => {
    assert.equal(inForce('de', set('en', 'play', 'Watch')).play, 'Abspielen');
    assert.equal(inForce('de', set('en', 'rare', 'Scarce')).rare, 'Scarce');
  });

  it('are the shipped ones again when the operator takes the words back, and a region without words is no language any more', () => {
    assert.equal(inForce('de', set('de', 'play', 'Los'), set('de', 'play', '')).play, 'Abspielen');
    assert.equal(ownWords([set('de-AT', 'play', 'Los'), set('de-AT', 'play', '')]).size, 0);
  });
});
