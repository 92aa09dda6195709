import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LIFTS } from '@bioscope/access/contract';
import { parseRoute } from '../router.ts';
import { waysOut } from './ways-out.ts';

const grownUp = { isKids: false };

describe('the ways out of a refusal', () => {
  it('lead to pages of the app', () => {
    const ways = waysOut(LIFTS, grownUp);
    assert.ok(ways.length > 10);
    for (const { way, lift } of ways) if (way.kind === 'go') assert.notEqual(parseRoute(way.to).kind, 'not_found', lift);
  });
  it('are there for everything but what no page lifts', () => {
    const offered = waysOut(LIFTS, grownUp).map(({ lift }) => lift);
    assert.deepEqual(
      LIFTS.filter((lift) => !offered.includes(lift)),
      ['wait', 'ask_lower_resolution', 'stop_another_stream'],
    );
  });
  it('of kids do not lead to the account', () => {
    assert.deepEqual(
      waysOut(LIFTS, { isKids: true }).map(({ lift }) => lift),
      ['sign_in', 'choose_profile', 'enter_profile_pin', 'switch_profile', 'try_again'],
    );
  });
  it('of a newer release are left out', () => {
    assert.deepEqual(waysOut(['call_your_mother'], grownUp), []);
  });
});
