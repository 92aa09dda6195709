import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { methodsOpenTo } from '@bioscope/access/testing';

import { MailService } from '../contract/index.ts';
import { startMail, stateFolder } from './running-mail.ts';

describe('operators of mail', () => {
  it('read nothing that access refuses, and wait while it does not answer; sending goes on', async () => {
    await using folder = await stateFolder();
    await using mail = await startMail(folder.path);
    const [gateway, operator] = [mail.as('gateway'), { within: mail.operator }];
    assert.deepEqual((await gateway.listOutbox({}, operator)).messages, []);
    assert.deepEqual(mail.rights.asked, ['mail']);
    await assert.rejects(gateway.listOutbox({}, { within: mail.member }), { code: 'permission_denied', message: /operators_only/ });
    mail.rights.answer = 'operators_only';
    assert.deepEqual(await methodsOpenTo(MailService, gateway, operator), []);
    assert.deepEqual(await methodsOpenTo(MailService, mail.as('graph'), operator), []);
    mail.rights.answer = 'down';
    await assert.rejects(gateway.listOutbox({}, operator), { code: 'unavailable', message: /access does not answer/ });
    const message = { to: 'ada@example.org', template: 'verify_email', language: 'en', values: { link: 'https://x', hours: '1' } };
    assert.ok((await mail.as('identity').send({ ...message, idempotencyKey: 'k' })).messageId);
  });
});
