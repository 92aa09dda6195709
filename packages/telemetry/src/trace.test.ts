import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { childTraceparent, newTraceparent, parseTraceparent } from './trace.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('traceparent', () => {
  it('is read as the W3C recommendation says', () => {
    assert.deepEqual(parseTraceparent(`00-${TRACE}-${SPAN}-01`), { traceId: TRACE, spanId: SPAN, sampled: true });
    assert.equal(parseTraceparent(`00-${TRACE}-${SPAN}-00`)?.sampled, false);
    assert.equal(parseTraceparent(`00-${TRACE}-${SPAN}-03`)?.sampled, true);
    assert.equal(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-comes-later`)?.traceId, TRACE);
  });

  for (const [why, header] of Object.entries({
    absent: undefined,
    empty: '',
    'version ff': `ff-${TRACE}-${SPAN}-01`,
    'a zero trace': `00-${'0'.repeat(32)}-${SPAN}-01`,
    'a zero span': `00-${TRACE}-${'0'.repeat(16)}-01`,
    'upper case': `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    'fields after version 00': `00-${TRACE}-${SPAN}-01-more`,
    'a short span': `00-${TRACE}-${SPAN.slice(1)}-01`,
  })) {
    it(`is refused when it is ${why}`, () => assert.equal(parseTraceparent(header), null));
  }

  it('keeps trace and sampling in the child, with a new span', () => {
    const child = parseTraceparent(childTraceparent(`00-${TRACE}-${SPAN}-00`));
    assert.equal(child?.traceId, TRACE);
    assert.equal(child?.sampled, false);
    assert.notEqual(child?.spanId, SPAN);
  });

  it('starts a trace of its own when the parent is malformed', () => {
    const child = parseTraceparent(childTraceparent('nonsense'));
    assert.notEqual(child, null);
  });

  it('never repeats ids', () => {
    const made = new Set(Array.from({ length: 5_000 }, () => parseTraceparent(newTraceparent())?.traceId));
    assert.equal(made.size, 5_000);
    assert.equal(made.has(undefined), false);
  });
});
