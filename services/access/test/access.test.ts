import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { TITLES_TOPIC } from '@bioscope/catalog/contract';
import { PROFILES_TOPIC, REVOCATIONS_TOPIC } from '@bioscope/identity/contract';
import { MEMBERSHIP_TOPIC } from '@bioscope/membership/contract';

import { Action, type DecideResponse } from '../contract/index.ts';
import { recordsOf, startAccess, surroundings, until, type RunningAccess } from './running-access.ts';

const playFilm = { action: Action.PLAY, titleId: 'film' };
const OPERATOR = { accountId: 'operator-1', profileId: '', isOperator: true };

/** "granted", or why not. */
function said({ outcome }: DecideResponse): string {
  return outcome.case === 'refused' ? outcome.value.because : (outcome.case ?? 'nothing');
}

describe('access', () => {
  it('grants a member a play with the bounds of the plan, from its three sources', async () => {
    await using running = await startAccess(surroundings());
    const { outcome } = await running.client.decide(playFilm, running.by());
    assert.equal(outcome.case, 'granted');
    assert.partialDeepStrictEqual(outcome.value, { heightMax: 2160, streamsMax: 4, offers: [], without: [] });
    assert.ok(outcome.value.untilMs > Date.now());
  });

  it('refuses with a code and what lifts it', async () => {
    await using running = await startAccess(surroundings());
    const { outcome } = await running.client.decide({ ...playFilm, streamsInUse: 4 }, running.by());
    assert.equal(outcome.case, 'refused');
    assert.partialDeepStrictEqual(outcome.value, { because: 'stream_limit', lifts: ['stop_another_stream', 'choose_higher_plan'] });
  });

  it('decides for who asks by passport, and for nobody else', async () => {
    await using running = await startAccess(surroundings());
    assert.equal(said(await running.client.decide(playFilm, running.by({ profileId: 'kid' }))), 'above_maturity');
    assert.equal(said(await running.client.decide(playFilm, running.by({ accountId: '', profileId: '' }))), 'sign_in_needed');
    assert.equal(said(await running.client.decide(playFilm, running.by({ accountId: 'account-2' }))), 'profile_needed');
    await assert.rejects(running.client.decide(playFilm), { code: 'unauthenticated' });
    await assert.rejects(running.as('steering').decide(playFilm, running.by()), { code: 'permission_denied' });
  });

  it('says which part of a request is wrong', async () => {
    await using running = await startAccess(surroundings());
    const { client, by } = running;
    await assert.rejects(client.decide({}, by()), { code: 'invalid_argument', message: /action/ });
    await assert.rejects(client.decide({ action: 99 as Action }, by()), { code: 'invalid_argument', message: /action/ });
    await assert.rejects(client.decide({ action: Action.PLAY, titleId: '../film' }, by()), {
      code: 'invalid_argument',
      message: /title_id/,
    });
    await assert.rejects(client.decide({ ...playFilm, height: 20_000 }, by()), { code: 'invalid_argument', message: /height/ });
    await assert.rejects(client.decide({ action: Action.OPERATE, area: 'moon' }, by()), { code: 'invalid_argument', message: /area/ });
    await assert.rejects(client.decideBatch({ action: Action.BROWSE }, by()), { code: 'invalid_argument', message: /titles/ });
    await assert.rejects(client.decideBatch({ action: Action.OPERATE, titles: [{ titleId: 'film' }] }, by()), {
      code: 'invalid_argument',
      message: /action/,
    });
    const titles = Array.from({ length: 501 }, (_, n) => ({ titleId: `t${n}` }));
    await assert.rejects(client.decideBatch({ action: Action.BROWSE, titles }, by()), { code: 'invalid_argument', message: /500/ });
  });

  it('takes what the caller knows of a title, and asks the catalog about the rest', async () => {
    const around = surroundings();
    await using running = await startAccess(around);
    const title = { isPlayable: true, maturity: 18, windows: [{ country: 'DE' }] };
    assert.equal(said(await running.client.decide({ ...playFilm, title }, running.by())), 'granted');
    assert.equal(around.asked.catalog, 0);
    assert.equal(said(await running.client.decide({ ...playFilm, titleId: 'unheard-of' }, running.by())), 'no_such_title');
    assert.equal(around.asked.catalog, 1);
  });

  it('says of five hundred titles which a profile may see, in order, with a few questions', async () => {
    const around = surroundings();
    await using running = await startAccess(around);
    const titleIds = Array.from({ length: 500 }, (_, n) => `title-${n}`);
    for (const [n, id] of titleIds.entries())
      around.titles.set(id, { maturity: n % 2 === 0 ? 6 : 12, windows: [{ country: '*', fromMs: 0, untilMs: 0 }], rungHeights: [] });
    const titles = titleIds.map((titleId) => ({ titleId }));
    const { verdicts } = await running.client.decideBatch({ action: Action.BROWSE, titles }, running.by({ profileId: 'kid' }));
    assert.deepEqual(
      verdicts.map(({ titleId, because }) => [titleId, because]),
      titleIds.map((id, n) => [id, n % 2 === 0 ? '' : 'above_maturity']),
    );
    assert.deepEqual(around.asked, { membership: 1, identity: 1, catalog: 3 });
    const [record] = await recordsOf(running.log, 1);
    assert.deepEqual(record?.counts, { granted: 250, above_maturity: 250 });
  });

  it('asks each source once for many who ask at once', async () => {
    const around = surroundings();
    await using running = await startAccess(around);
    const answers = await Promise.all(Array.from({ length: 50 }, () => running.client.decide(playFilm, running.by())));
    assert.deepEqual(new Set(answers.map(said)), new Set(['granted']));
    // Of identity the household and its devices.
    assert.deepEqual(around.asked, { membership: 1, identity: 2, catalog: 1 });
  });

  it('writes every refusal down, and counts', async () => {
    await using running = await startAccess(surroundings(), { BIOSCOPE_ACCESS_GRANTS_PER_RECORD: '1000000' });
    for (let n = 0; n < 5; n += 1) await running.client.decide(playFilm, running.by());
    await running.client.decide({ ...playFilm, streamsInUse: 9 }, running.by({ deviceId: 'television' }));
    const [record, ...others] = await recordsOf(running.log, 1);
    assert.deepEqual(others, []);
    assert.partialDeepStrictEqual(record, {
      caller: 'playback',
      accountId: 'account-1',
      profileId: 'grown-up',
      deviceId: 'television',
      action: 'play',
      resource: 'film',
      because: 'stream_limit',
      policies: ['streams-of-plan'],
      standsFor: 1,
    });
    const metrics = await running.metrics();
    assert.match(metrics, /bioscope_access_decisions_total\{[^}]*outcome="granted"[^}]*\} 5/);
    assert.match(metrics, /bioscope_access_decisions_total\{[^}]*outcome="stream_limit"[^}]*\} 1/);
  });
});

describe('what changed counts at once', () => {
  const publish = ({ log }: RunningAccess, topic: string, key: string): Promise<void> =>
    log.publish(topic, [{ key, type: 'something.happened', value: Buffer.from('{}') }]);

  it('an account whose membership changed is asked about again', async () => {
    const around = surroundings();
    await using running = await startAccess(around);
    assert.equal(said(await running.client.decide(playFilm, running.by())), 'granted');
    Object.assign(around.entitlement, { entitled: false, reason: 'lapsed' });
    assert.equal(said(await running.client.decide(playFilm, running.by())), 'granted', 'known for some seconds');
    await publish(running, MEMBERSHIP_TOPIC, 'account-1');
    await until('the change is heard', async () => said(await running.client.decide(playFilm, running.by())) === 'lapsed');
  });

  it('what is known to have changed is no last known', async () => {
    const around = surroundings();
    await using running = await startAccess(around);
    assert.equal(said(await running.client.decide(playFilm, running.by())), 'granted');
    around.down.add('membership');
    await publish(running, MEMBERSHIP_TOPIC, 'account-1');
    await until('it is forgotten', async () => said(await running.client.decide(playFilm, running.by())) === 'membership_unknown');
  });

  it('a profile and a title that changed are asked about again', async () => {
    const around = surroundings();
    await using running = await startAccess(around);
    const [grownUp] = around.account.profiles;
    assert.ok(grownUp);
    assert.equal(said(await running.client.decide(playFilm, running.by())), 'granted');
    grownUp.maturityMax = 6;
    await publish(running, PROFILES_TOPIC, 'account-1');
    await until('the profile is', async () => said(await running.client.decide(playFilm, running.by())) === 'above_maturity');
    around.titles.delete('film');
    await publish(running, TITLES_TOPIC, 'film');
    await until('the title is', async () => said(await running.client.decide(playFilm, running.by())) === 'no_such_title');
  });

  it('who has just paid is let in within a second, also when no event tells', async () => {
    const around = surroundings();
    Object.assign(around.entitlement, { entitled: false, reason: 'lapsed' });
    await using running = await startAccess(around);
    assert.equal(said(await running.client.decide(playFilm, running.by())), 'lapsed');
    Object.assign(around.entitlement, { entitled: true, reason: 'member' });
    await until('the payment counts', async () => said(await running.client.decide(playFilm, running.by())) === 'granted');
  });
});

describe('the devices of an account', () => {
  const refusalOf = async (running: RunningAccess, deviceId: string) => {
    const { outcome } = await running.client.decide(playFilm, running.by({ deviceId }));
    return outcome.case === 'refused' ? outcome.value : null;
  };

  it('play up to the number of the plan; the refusal of the next says how many, and what lifts it', async () => {
    const around = surroundings();
    around.devices.push('two', 'three', 'four', 'five', 'six');
    await using running = await startAccess(around);
    for (const deviceId of around.devices.slice(0, 5)) assert.equal(await refusalOf(running, deviceId), null, deviceId);
    const sixth = await refusalOf(running, 'six');
    assert.partialDeepStrictEqual(sixth, { because: 'device_limit', limit: 5, lifts: ['remove_a_device', 'choose_higher_plan'] });
    const seen = await running.client.decide({ action: Action.BROWSE, titleId: 'film' }, running.by({ deviceId: 'six' }));
    assert.equal(said(seen), 'granted');
    assert.equal(said(await running.client.decide({ action: Action.MANAGE_ACCOUNT }, running.by({ deviceId: 'six' }))), 'granted');
  });

  it('one that has just signed in is asked about, not taken for a stranger', async () => {
    const around = surroundings();
    await using running = await startAccess(around);
    assert.equal(await refusalOf(running, 'television'), null);
    const asked = around.asked.identity;
    around.devices.push('two', 'three', 'four', 'five', 'six');
    assert.equal(await refusalOf(running, 'two'), null);
    assert.equal((await refusalOf(running, 'six'))?.because, 'device_limit');
    assert.equal(around.asked.identity, asked + 1);
  });

  it('the sixth plays as soon as another is signed out, by the event and without it', async () => {
    const around = surroundings();
    around.devices.push('two', 'three', 'four', 'five', 'six', 'seven');
    await using running = await startAccess(around);
    assert.equal((await refusalOf(running, 'six'))?.because, 'device_limit');
    around.devices.splice(around.devices.indexOf('two'), 1);
    await running.log.publish(REVOCATIONS_TOPIC, [{ key: 'account-1', type: 'session.ended', value: Buffer.from('{}') }]);
    await until('the event is heard', async () => (await refusalOf(running, 'six')) === null);
    assert.equal((await refusalOf(running, 'seven'))?.because, 'device_limit');
    around.devices.splice(around.devices.indexOf('three'), 1);
    await until('what is known is no longer fresh', async () => (await refusalOf(running, 'seven')) === null);
  });

  it('nobody is locked out while identity is silent: the right is short, and says what it rests on', async () => {
    const around = surroundings();
    around.titles.set('film', { maturity: 0, windows: [{ country: '*', fromMs: 0, untilMs: 0 }], rungHeights: [] });
    around.down.add('identity');
    await using running = await startAccess(around);
    const { outcome } = await running.client.decide(playFilm, running.by({ deviceId: 'six' }));
    assert.equal(outcome.case, 'granted');
    assert.deepEqual(outcome.value.without, ['profile', 'devices']);
    assert.ok(outcome.value.untilMs <= Date.now() + 60_000);
    assert.equal(outcome.value.streamsMax, 4);
  });
});

describe('operators', () => {
  it('see how a decision comes about: policies, signals, sources, fallbacks', async () => {
    const around = surroundings();
    around.down.add('identity');
    await using running = await startAccess(around);
    const explanation = await running
      .as('gateway')
      .explain(
        { subject: { accountId: 'account-1', profileId: 'grown-up', country: 'DE' }, decide: { ...playFilm, streamsInUse: 4 } },
        running.by(OPERATOR),
      );
    assert.equal(explanation.decision?.outcome.case, 'refused');
    assert.equal(explanation.decision.outcome.value.because, 'profile_unknown');
    assert.deepEqual([...explanation.policies].sort(), ['maturity-unknown', 'streams-of-plan']);
    assert.deepEqual(explanation.errors, []);
    const seen = Object.fromEntries(explanation.signals.map((signal) => [signal.signal, signal]));
    assert.deepEqual(Object.keys(seen).sort(), ['country', 'devices', 'membership', 'profile', 'streams', 'title']);
    assert.partialDeepStrictEqual(seen['membership'], { source: 'membership', confidence: 'fresh', fallback: '' });
    assert.partialDeepStrictEqual(seen['profile'], { confidence: 'unknown', value: '', fallback: 'only titles that suit everybody' });
    assert.equal(seen['streams']?.value, '4');
    assert.match(seen['membership']?.value ?? '', /"standing":"entitled"/);
  });

  it('see it for another time', async () => {
    const around = surroundings();
    around.titles.set('film', { maturity: 0, windows: [{ country: '*', fromMs: 0, untilMs: Date.now() + 3_600_000 }], rungHeights: [] });
    await using running = await startAccess(around);
    const subject = { accountId: 'account-1', profileId: 'grown-up', country: 'DE' };
    const explained = async (atMs: number): Promise<string> => {
      const { decision } = await running.as('gateway').explain({ subject, decide: playFilm, atMs }, running.by(OPERATOR));
      return decision === undefined ? 'nothing' : said(decision);
    };
    assert.equal(await explained(0), 'granted');
    assert.equal(await explained(Date.now() + 7_200_000), 'no_longer_offered');
  });

  it('read the policies, and only they do', async () => {
    await using running = await startAccess(surroundings());
    const { files, policyVersion, schema } = await running.as('gateway').listPolicies({}, running.by(OPERATOR));
    const streams = files.find(({ name }) => name === 'streams.cedar');
    assert.deepEqual(
      streams?.policies.map(({ id, because, lifts }) => ({ id, because, lifts })),
      [{ id: 'streams-of-plan', because: 'stream_limit', lifts: ['stop_another_stream', 'choose_higher_plan'] }],
    );
    assert.match(streams.text, /streamsInUse >= principal.membership.streamsMax/);
    assert.match(policyVersion, /^[0-9a-f]{16}$/);
    assert.match(schema, /action browse/);
    await assert.rejects(running.as('gateway').listPolicies({}, running.by()), { code: 'permission_denied' });
    await assert.rejects(running.as('gateway').explain({ subject: {}, decide: playFilm }, running.by()), { code: 'permission_denied' });
  });
});

describe('starting', () => {
  it('is refused with file, line and reason when a policy is wrong', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bioscope-policies-'));
    try {
      await writeFile(
        join(folder, 'schema.cedarschema'),
        'entity Viewer; entity Title; action browse appliesTo { principal: Viewer, resource: Title };',
      );
      await writeFile(join(folder, 'wrong.cedar'), '@id("one")\npermit (principal, action, resource)\nwhen { principal.isSignedIn };\n');
      await assert.rejects(startAccess(surroundings(), { BIOSCOPE_ACCESS_POLICIES: folder }), /wrong\.cedar:3:\d+: .*isSignedIn/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
