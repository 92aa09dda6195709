import assert from 'node:assert/strict';
import { it } from 'node:test';
import { endsOf, turnedBy } from './row-pages.ts';

const line = { at: 0, width: 1000, whole: 2500, isRightToLeft: false };

it('a line knows its ends', () => {
  assert.deepEqual(endsOf(line), { atStart: true, atEnd: false });
  assert.deepEqual(endsOf({ ...line, at: 1499.6 }), { atStart: false, atEnd: true });
  assert.deepEqual(endsOf({ ...line, whole: 1000 }), { atStart: true, atEnd: true });
  assert.deepEqual(endsOf({ ...line, at: -1500, isRightToLeft: true }), { atStart: false, atEnd: true });
});
it('turning it stays within, in both directions of reading', () => {
  assert.deepEqual([turnedBy(line, 1), turnedBy({ ...line, at: 850 }, 1), turnedBy({ ...line, at: 850 }, -1)], [850, 1500, 0]);
  const arabic = { ...line, isRightToLeft: true };
  assert.deepEqual([turnedBy(arabic, 1), turnedBy({ ...arabic, at: -850 }, 1), turnedBy({ ...arabic, at: -850 }, -1)], [-850, -1500, 0]);
});
