import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { RpcError } from '@bioscope/rpc';

import { MessageState } from '../contract/index.ts';
import { catchMail } from './smtp-catcher.ts';
import { startMail, stateFolder, until, type RunningMail } from './running-mail.ts';

const VERIFY = {
  to: 'ada@example.org',
  template: 'verify_email',
  language: 'de-AT',
  values: { link: 'https://app.example.org/verify?link=s3cret', hours: '24' },
  idempotencyKey: 'verify:1',
};

const outboxOf = async (mail: RunningMail) => (await mail.as('gateway').listOutbox({}, { within: mail.operator })).messages;

const refusedWith =
  (code: string, message: RegExp) =>
  (fault: unknown): boolean => {
    assert.ok(fault instanceof RpcError, String(fault));
    assert.equal(fault.code, code, fault.message);
    assert.match(fault.message, message);
    return true;
  };

describe('mail without a mail server', () => {
  it('keeps messages where operators can read them, newest first, and logs the link', async () => {
    await using folder = await stateFolder();
    await using mail = await startMail(folder.path);
    await mail.as('identity').send(VERIFY);
    await mail.as('identity').send({ ...VERIFY, to: 'bob@example.org', idempotencyKey: 'verify:2' });
    await until('both are settled', async () => (await outboxOf(mail)).every(({ state }) => state === MessageState.KEPT));
    const messages = await outboxOf(mail);
    assert.equal(messages.length, 2);
    assert.ok(messages[0] && messages[1] && messages[0].createdAtMs >= messages[1].createdAtMs);
    const ada = messages.find(({ to }) => to === 'ada@example.org');
    assert.equal(ada?.language, 'de');
    assert.match(ada?.text ?? '', /https:\/\/app\.example\.org\/verify\?link=s3cret/);
    assert.ok(mail.lines.some((line) => line.includes('s3cret')));
  });

  it('sends a message once, however often it is asked to with the same key, also at once', async () => {
    await using folder = await stateFolder();
    await using mail = await startMail(folder.path);
    const answers = await Promise.all(Array.from({ length: 8 }, () => mail.as('identity').send(VERIFY)));
    assert.equal(new Set(answers.map(({ messageId }) => messageId)).size, 1);
    assert.equal((await outboxOf(mail)).length, 1);
    await mail.as('billing').send(VERIFY);
    assert.equal((await outboxOf(mail)).length, 2, 'the same key of another unit is another message');
  });

  it('pages through the outbox without losing or repeating a message', async () => {
    await using folder = await stateFolder();
    await using mail = await startMail(folder.path);
    for (let i = 0; i < 5; i += 1) await mail.as('identity').send({ ...VERIFY, idempotencyKey: `k${i}` });
    const seen: string[] = [];
    for (let cursor = '', pages = 0; pages === 0 || cursor !== ''; pages += 1) {
      const page = await mail.as('gateway').listOutbox({ messagesMax: 2, cursor }, { within: mail.operator });
      seen.push(...page.messages.map(({ id }) => id));
      ({ cursor } = page);
    }
    assert.equal(new Set(seen).size, 5);
    assert.equal(seen.length, 5);
  });

  it('shows the outbox to operators only, and lets only units send that have reason to', async () => {
    await using folder = await stateFolder();
    await using mail = await startMail(folder.path);
    await assert.rejects(mail.as('gateway').listOutbox({}, { within: mail.member }), refusedWith('permission_denied', /operators/));
    await assert.rejects(mail.as('gateway').listOutbox({}), refusedWith('unauthenticated', /passport/));
    await assert.rejects(mail.as('catalog').send(VERIFY), refusedWith('permission_denied', /./));
  });

  it('names what is wrong with a message', async () => {
    await using folder = await stateFolder();
    await using mail = await startMail(folder.path);
    const identity = mail.as('identity');
    await assert.rejects(identity.send({ ...VERIFY, to: 'a@b.org, c@d.org' }), refusedWith('invalid_argument', /to is not one plain/));
    await assert.rejects(
      identity.send({ ...VERIFY, values: { link: 'javascript:alert(1)' } }),
      refusedWith('invalid_argument', /values\.link is no http.*values\.hours is missing/),
    );
    await assert.rejects(identity.send({ ...VERIFY, template: 'toString' }), refusedWith('invalid_argument', /no template/));
    assert.deepEqual(await outboxOf(mail), []);
  });

  it('sends what an earlier process kept and did not come to enqueue', async () => {
    await using folder = await stateFolder();
    {
      await using mail = await startMail(folder.path);
      await mail.jobs.close();
      // The register is written before the job: with the queues closed, as after a kill between the two.
      await assert.rejects(mail.as('identity').send(VERIFY), refusedWith('unavailable', /./));
      assert.deepEqual(
        (await outboxOf(mail)).map(({ state }) => state),
        [MessageState.WAITING],
      );
    }
    await using mail = await startMail(folder.path);
    await until('it is settled', async () => (await outboxOf(mail))[0]?.state === MessageState.KEPT);
  });
});

describe('mail with a mail server', () => {
  it('hands messages over as text and HTML, and shows the link to nobody else', async () => {
    await using folder = await stateFolder();
    await using server = await catchMail();
    await using mail = await startMail(folder.path, { BIOSCOPE_SMTP_URL: server.url, BIOSCOPE_NAME: 'Kino' });
    await mail.as('identity').send(VERIFY);
    await until('it was caught', () => server.caught.length === 1);
    const [caught] = server.caught;
    assert.equal(caught?.to, 'ada@example.org');
    assert.match(caught?.data ?? '', /Content-Type: multipart\/alternative/);
    assert.match(caught?.data ?? '', /Content-Language: de/);
    assert.match((caught?.data ?? '').replaceAll('=\n', '').replaceAll('=3D', '='), /verify\?link=s3cret/);
    await until('it is marked as sent', async () => (await outboxOf(mail))[0]?.state === MessageState.SENT);
    assert.doesNotMatch((await outboxOf(mail))[0]?.text ?? '', /s3cret/);
    assert.ok(!mail.lines.some((line) => line.includes('s3cret')), 'the log names no link');
  });

  it('tries again after a server that is busy, and takes a refusal of the address for the end', async () => {
    await using folder = await stateFolder();
    await using server = await catchMail('busy');
    await using mail = await startMail(folder.path, { BIOSCOPE_SMTP_URL: server.url });
    await mail.as('identity').send(VERIFY);
    await until('a first attempt failed', async () => (await outboxOf(mail))[0]?.failure.includes('451') ?? false);
    assert.equal((await outboxOf(mail))[0]?.state, MessageState.WAITING);
    server.mood = 'take';
    await until('it was sent', async () => (await outboxOf(mail))[0]?.state === MessageState.SENT);
    assert.equal(server.caught.length, 1);

    server.mood = 'refuse';
    await mail.as('identity').send({ ...VERIFY, idempotencyKey: 'other' });
    await until('it failed', async () => (await outboxOf(mail))[0]?.state === MessageState.FAILED);
    assert.match((await outboxOf(mail))[0]?.failure ?? '', /no such mailbox/);
  });

  it('accepts messages while the server hangs, and sends them when it is back', async () => {
    await using folder = await stateFolder();
    await using server = await catchMail('hang');
    {
      await using mail = await startMail(folder.path, { BIOSCOPE_SMTP_URL: server.url });
      await mail.as('identity').send(VERIFY);
      await until('it is being tried', () => server.connections > 0);
      assert.equal((await outboxOf(mail))[0]?.state, MessageState.WAITING);
    }
    server.mood = 'take';
    await using mail = await startMail(folder.path, { BIOSCOPE_SMTP_URL: server.url });
    await until('it was sent', async () => (await outboxOf(mail))[0]?.state === MessageState.SENT);
    assert.equal(server.caught.length, 1);
  });
});
