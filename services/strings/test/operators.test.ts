import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { methodsOpenTo } from '@bioscope/access/testing';

import { StringsService } from '../contract/index.ts';
import { openStore, operator, startStrings, stateFolder } from './running-strings.ts';

const TEXT = { bundle: 'web', language: 'de', key: 'refusal.lift.pay', text: 'Jetzt zahlen', why: 'a test', commandId: 'c1' };

describe('operators of texts', () => {
  it('change nothing that access refuses, nor while it does not answer; texts are served all the same', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    await using running = await startStrings(store.kv);
    const gateway = running.as('gateway');
    running.rights.answer = 'operators_only';
    assert.deepEqual(await methodsOpenTo(StringsService, gateway, operator), ['getTexts', 'listVersions']);
    await assert.rejects(gateway.setText(TEXT, operator), { code: 'permission_denied', message: /"texts": operators_only/ });
    running.rights.answer = 'down';
    await assert.rejects(gateway.setText(TEXT, operator), { code: 'unavailable', message: /Nothing was done/ });
    assert.equal((await running.get('/strings/web/de')).status, 200);
    running.rights.answer = 'granted';
    assert.deepEqual((await gateway.listChanges({ bundle: 'web' }, operator)).changes, []);
  });
});
