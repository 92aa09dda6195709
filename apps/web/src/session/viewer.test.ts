import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { viewerIdOf } from './viewer.ts';

const ID = 'a'.repeat(32);

describe('the viewer of this browser', () => {
  it('stays the same from visit to visit', () => {
    const kept = new Map<string, string>();
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
    assert.equal(
      viewerIdOf(storage, () => ID),
      ID,
    );
    assert.equal(
      viewerIdOf(storage, () => 'b'.repeat(32)),
      ID,
    );
  });
  it('is made anew when what was kept is not an id', () => {
    const storage = { getItem: () => '<script>', setItem: () => undefined };
    assert.equal(
      viewerIdOf(storage, () => ID),
      ID,
    );
  });
  it('lives as long as the page where nothing may be kept', () => {
    const forbidden = (): never => {
      throw new Error('SecurityError');
    };
    assert.equal(
      viewerIdOf({ getItem: forbidden, setItem: forbidden }, () => ID),
      ID,
    );
  });
});
