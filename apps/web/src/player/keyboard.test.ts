import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandOf, type KeyPress } from './keyboard.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

describe('the player’s keys', () => {
  it('play and pause on space and k', () => {
    assert.deepEqual(commandOf(press(' ')), { kind: 'toggle_play' });
    assert.deepEqual(commandOf(press('k')), { kind: 'toggle_play' });
  });
  it('move ten seconds on arrows, j and l', () => {
    for (const key of ['ArrowLeft', 'j']) assert.deepEqual(commandOf(press(key)), { kind: 'seek_by', seconds: -10 });
    for (const key of ['ArrowRight', 'l']) assert.deepEqual(commandOf(press(key)), { kind: 'seek_by', seconds: 10 });
  });
  it('jump to tenths of the film on digits', () => {
    assert.deepEqual(commandOf(press('7')), { kind: 'seek_to_share', share: 0.7 });
    assert.deepEqual(commandOf(press('End')), { kind: 'seek_to_share', share: 1 });
  });
  it('work with caps lock on', () => {
    assert.deepEqual(commandOf(press('M')), { kind: 'toggle_mute' });
  });
  it('open the diagnostics on Shift+D but not on d', () => {
    assert.deepEqual(commandOf(press('D', { shiftKey: true })), { kind: 'toggle_diagnostics' });
    assert.equal(commandOf(press('d')), undefined);
  });
  it('leave the browser’s own combinations alone', () => {
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey'] as const) assert.equal(commandOf(press('f', { [modifier]: true })), undefined);
    assert.equal(commandOf(press('Tab')), undefined);
    assert.equal(commandOf(press('constructor')), undefined);
  });
});
