import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { methodsOpenTo } from '@bioscope/access/testing';

import { OperatorService, type GetLiveResponse } from '../contract/index.ts';
import { PASSPORTS, startPlayback, stateFolder, surroundings, type RunningPlayback } from './running-playback.ts';

const VIEWER = 'viewer-0123456789';
const OPERATOR = { accountId: 'operator', isOperator: true };

function watch(running: RunningPlayback, passport = OPERATOR): Promise<GetLiveResponse> {
  return running.operatorsAs('gateway').getLive({}, { within: PASSPORTS.within(passport) });
}

/** All seconds together: a test may last longer than one. */
function sum({ seconds }: GetLiveResponse): { started: number; failed: number; refused: Record<string, number> } {
  const total = { started: 0, failed: 0, refused: {} as Record<string, number> };
  for (const second of seconds) {
    total.started += second.started;
    total.failed += second.failed;
    for (const [because, count] of Object.entries(second.refused)) total.refused[because] = (total.refused[because] ?? 0) + count;
  }
  return total;
}

describe('what operators see of plays', () => {
  it('are starts, refusals by their reason and failures, and the sessions that are open', async () => {
    await using folder = await stateFolder();
    const around = surroundings();
    await using running = await startPlayback(folder.path, around);
    const { client } = running;
    const before = await watch(running);
    assert.deepEqual([sum(before), before.sessions], [{ started: 0, failed: 0, refused: {} }, 0]);
    assert.ok(before.sinceMs > 0 && before.sinceMs <= before.nowMs);

    const started = await client.startSession({ titleId: 'film1', viewerId: VIEWER });
    await client.startSession({ titleId: 'film1', viewerId: VIEWER });
    await client.startSession({ titleId: 'nobody', viewerId: VIEWER });
    await assert.rejects(client.startSession({ titleId: '../film', viewerId: VIEWER }), { code: 'invalid_argument' });
    around.down.add('catalog');
    await assert.rejects(client.startSession({ titleId: 'never-asked-for', viewerId: VIEWER }), { code: 'unavailable' });
    around.down.clear();
    const after = await watch(running);
    assert.deepEqual([sum(after), after.sessions], [{ started: 2, failed: 1, refused: { unknown_title: 1 } }, 2]);
    assert.equal(after.instance, before.instance);

    assert.ok(started.outcome.case === 'granted');
    await client.endSession({ sessionId: started.outcome.value.sessionId, positionMs: 0 });
    assert.equal((await watch(running)).sessions, 1);
  });

  it('hear of a session from its heartbeats after a restart, under another name', async () => {
    await using folder = await stateFolder();
    const around = surroundings();
    let sessionId = '';
    let instance = '';
    {
      await using running = await startPlayback(folder.path, around);
      const started = await running.client.startSession({ titleId: 'film1', viewerId: VIEWER });
      assert.ok(started.outcome.case === 'granted');
      ({ sessionId } = started.outcome.value);
      ({ instance } = await watch(running));
    }
    await using running = await startPlayback(folder.path, around);
    const begun = await watch(running);
    assert.notEqual(begun.instance, instance);
    assert.equal(begun.sessions, 0);
    await running.client.heartbeat({ sessionId, positionMs: 1_000, playing: true });
    assert.equal((await watch(running)).sessions, 1);
    await running.client.endSession({ sessionId, positionMs: 1_000 });
    await running.client.heartbeat({ sessionId, positionMs: 2_000, playing: true });
    assert.equal((await watch(running)).sessions, 0, 'a heartbeat that is refused is no session');
  });

  it('are told to operators alone, and through the gateway alone', async () => {
    await using folder = await stateFolder();
    const around = surroundings();
    await using running = await startPlayback(folder.path, around);
    await assert.rejects(watch(running, { accountId: 'a member', isOperator: false }), { code: 'permission_denied' });
    await assert.rejects(watch(running, { accountId: '', isOperator: true }), { code: 'permission_denied' });
    await assert.rejects(running.operatorsAs('gateway').getLive({}), { code: 'unauthenticated' });
    await assert.rejects(running.operatorsAs('graph').getLive({}, { within: PASSPORTS.within(OPERATOR) }), { code: 'permission_denied' });
    around.rights.answer = 'operators_only';
    const within = PASSPORTS.within(OPERATOR);
    assert.deepEqual(await methodsOpenTo(OperatorService, running.operatorsAs('gateway'), { within }), []);
    around.rights.answer = 'down';
    await assert.rejects(watch(running), { code: 'unavailable', message: /access does not answer/ });
    assert.deepEqual(new Set(around.rights.asked), new Set(['live']));
  });
});
