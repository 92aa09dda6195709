import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseDatetime } from './datetime.ts';
import { parseDecimal } from './decimal.ts';
import { parseDuration } from './duration.ts';
import { parseIpAddress } from './ip-address.ts';

describe('a decimal', () => {
  it('is what its digits say, in ten-thousandths', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 9999 }), (whole, fraction) => {
        const text = `${whole}.${String(fraction).padStart(4, '0')}`;
        assert.equal(parseDecimal(text)?.scaled, whole * 10_000 + (whole < 0 ? -fraction : fraction));
      }),
    );
  });

  it('needs digits on both sides of the point, at most four behind it, and 64 bits', () => {
    for (const text of ['1', '1.', '.5', '1.00000', '+1.0', '1e3', '', '922337203685477.5808'])
      assert.equal(parseDecimal(text), undefined, text);
  });
});

describe('a datetime', () => {
  it('agrees with the calendar of JavaScript over ten thousand years', () => {
    const seconds = fc.integer({ min: Date.UTC(1, 0) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });
    fc.assert(
      fc.property(seconds, fc.integer({ min: 0, max: 999 }), (second, ms) => {
        const text = new Date(second * 1000 + ms).toISOString();
        assert.equal(parseDatetime(text)?.ms, second * 1000 + ms);
      }),
    );
  });

  it('begins its day at or before itself, also before 1970', () => {
    assert.equal(parseDatetime('1969-12-31T23:59:59.999Z')?.toDate()?.ms, -86_400_000);
    assert.equal(parseDatetime('1969-12-31T23:59:59.999Z')?.toTime().ms, 86_399_999);
  });

  it('refuses days and hours that no calendar has', () => {
    const texts = [
      '2025-02-29',
      '2024-13-01',
      '2024-01-01T24:00:00Z',
      '2024-01-01T23:59:60Z',
      '2024-01-01T00:00:00+2400',
      '2024-1-1',
      '2024-01-01Z',
    ];
    for (const text of texts) assert.equal(parseDatetime(text), undefined, text);
  });
});

describe('a duration', () => {
  it('adds its units up', () => {
    assert.equal(parseDuration('1d2h3m4s5ms')?.ms, 93_784_005);
    assert.equal(parseDuration('-1m1s')?.toSeconds(), -61);
  });

  it('takes its units once, in order, within 64 bits', () => {
    for (const text of ['', '-', '1', '1s1m', '1h1h', '1.5s', '9223372036854775808ms', '106751991168d'])
      assert.equal(parseDuration(text), undefined, text);
    assert.equal(parseDuration('-9223372036854775808ms')?.ms, -(2n ** 63n));
  });
});

describe('an address', () => {
  it('is the same however IPv6 writes it', () => {
    const shortened = parseIpAddress('2001:db8::1');
    assert.deepEqual(shortened, parseIpAddress('2001:0DB8:0:0:0:0:0:1/128'));
  });

  it('lies in the networks that hold all of it', () => {
    const isIn = (address: string, range: string): boolean | undefined => parseIpAddress(address)?.isInRange(ip(range));
    assert.equal(isIn('10.1.2.3', '10.0.0.0/8'), true);
    assert.equal(isIn('10.0.0.0/7', '10.0.0.0/8'), false);
    assert.equal(isIn('::1', '0.0.0.0/0'), false);
    assert.equal(isIn('1.2.3.4', '9.9.9.9/0'), true);
  });

  it('is refused where it could be read in two ways', () => {
    for (const text of [
      '010.0.0.1',
      '1.2.3',
      '1.2.3.4/33',
      '1.2.3.4/08',
      '::ffff:1.2.3.4',
      '1::2::3',
      'fe80::1%eth0',
      '12345::',
      ' 1.2.3.4',
      '1.2.3.4/',
    ])
      assert.equal(parseIpAddress(text), undefined, text);
  });
});

function ip(text: string) {
  const address = parseIpAddress(text);
  if (address === undefined) throw new TypeError(text);
  return address;
}
