import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { Action, type DecideResponse } from '../contract/index.ts';
import { FALLBACKS, type ActionName, type Otherwise } from '../src/domain/fallbacks.ts';
import type { SourceName } from '../src/signals/sources.ts';
import { startAccess, surroundings, until } from './running-access.ts';

const REQUESTS = {
  browse: { action: Action.BROWSE, titleId: 'film' },
  play: { action: Action.PLAY, titleId: 'film', streamsInUse: 0 },
  download: { action: Action.DOWNLOAD, titleId: 'film', downloadDevicesInUse: 0 },
  manageAccount: { action: Action.MANAGE_ACCOUNT },
  manageProfiles: { action: Action.MANAGE_PROFILES },
} as const;
type MemberAction = keyof typeof REQUESTS;

/** What an action that needs the signal comes to without it, of the film of the tests, which is for people of 12 and more. */
const WITHOUT: { readonly [O in Otherwise]: (code: string) => string } = {
  refuse: (code) => code,
  go_on: () => 'granted',
  titles_for_everybody: () => 'profile_unknown',
  titles_of_every_country: () => 'granted',
  bound_by_limit: () => 'granted',
};
const SOURCES: readonly { source: SourceName; signal: 'membership' | 'profile' | 'account' | 'title'; code: string }[] = [
  { source: 'membership', signal: 'membership', code: 'membership_unknown' },
  { source: 'identity', signal: 'profile', code: 'profile_unknown' },
  { source: 'identity', signal: 'account', code: 'account_unknown' },
  { source: 'catalog', signal: 'title', code: 'title_unknown' },
];

function said({ outcome }: DecideResponse): string {
  return outcome.case === 'refused' ? outcome.value.because : (outcome.case ?? 'nothing');
}

describe('a source that was never heard', () => {
  for (const { source, signal, code } of SOURCES) {
    for (const action of Object.keys(REQUESTS) as MemberAction[]) {
      const fallback = FALLBACKS[action satisfies ActionName][signal];
      // Two signals come from identity; an action that needs the account is decided by that.
      const isOverruled = signal === 'profile' && FALLBACKS[action].account !== undefined;
      if (fallback === undefined || isOverruled) continue;
      const expected = WITHOUT[fallback.otherwise](code);
      it(`${action} without ${signal}, for ${source} is down: ${expected}`, async () => {
        const around = surroundings();
        around.down.add(source);
        await using running = await startAccess(around);
        const answer = await running.client.decide(REQUESTS[action], running.by());
        assert.equal(said(answer), expected);
        if (answer.outcome.case === 'granted') assert.deepEqual(answer.outcome.value.without, [signal]);
        else assert.deepEqual(answer.outcome.value?.lifts, ['try_again']);
        around.down.delete(source);
        await until(
          'the source is heard again',
          async () => said(await running.client.decide(REQUESTS[action], running.by())) === 'granted',
        );
      });
    }
  }
});

describe('a source that falls silent', () => {
  it('leaves what it told last, and the answer says so', async () => {
    const around = surroundings();
    await using running = await startAccess(around);
    assert.equal(said(await running.client.decide(REQUESTS.play, running.by())), 'granted');
    for (const source of ['membership', 'identity', 'catalog'] as const) around.down.add(source);
    await until(
      'nothing is fresh any more',
      async () => {
        const { outcome } = await running.client.decide(REQUESTS.play, running.by());
        assert.equal(outcome.case, 'granted');
        assert.ok(outcome.value.untilMs <= Date.now() + 600_000);
        return outcome.value.without.join(' ') === 'membership profile title devices';
      },
      10_000,
    );
    assert.equal(running.lines.filter((line) => line.includes('does not answer')).length, 3, 'each source is named once in a while');
  });

  it('hangs: nobody waits past the time that they gave, and the fallback is what they get', async () => {
    const around = surroundings();
    around.hanging.add('membership').add('identity').add('catalog');
    await using running = await startAccess(around);
    const began = performance.now();
    const answer = await running.client.decide(REQUESTS.play, { ...running.by(), deadlineMs: 300 });
    assert.equal(said(answer), 'membership_unknown');
    assert.deepEqual(answer.outcome.case === 'refused' && answer.outcome.value.also, ['title_unknown']);
    assert.ok(performance.now() - began < 2_900, 'the sources answer after three seconds');
  });

  it('all three at once: the account is closed, operators work on', async () => {
    const around = surroundings();
    for (const source of ['membership', 'identity', 'catalog'] as const) around.down.add(source);
    await using running = await startAccess(around);
    const by = running.by({ isOperator: true });
    assert.equal(said(await running.client.decide(REQUESTS.manageAccount, by)), 'account_unknown');
    assert.equal(said(await running.client.decide({ action: Action.OPERATE, area: 'films' }, by)), 'granted');
  });
});
