import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { methodsOpenTo } from '@bioscope/access/testing';
import { StudioService } from '../contract/index.ts';
import { OPERATOR, PASSPORTS, startStudio, stateFolder, until, upload } from './running-studio.ts';
import type { RunningStudio } from './running-studio.ts';

const TUS = { 'tus-resumable': '1.0.0' };
const PRODUCTION = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Title { production { workId } } } }`;

describe('operators of the studio', () => {
  it('do nothing that access refuses: no call, no byte of an upload', async () => {
    await using folder = await stateFolder();
    await using studio = await startStudio(folder.path);
    const begun = await begin(studio);
    assert.equal(begun.status, 201);
    const before = await uploadsOf(folder.path);
    studio.rights.answer = 'operators_only';
    assert.deepEqual(await methodsOpenTo(StudioService, studio.client, {}), []);
    const where = `/uploads/${String(begun.location).split('/').at(-1)}`;
    for (const method of ['OPTIONS', 'HEAD', 'PATCH', 'DELETE', 'GET'] as const) {
      const headers = { ...TUS, ...PASSPORTS.headersFor(OPERATOR) };
      assert.equal((await studio.fetchAs('gateway')('studio', where, { method, headers })).status, 403, method);
    }
    const refused = await begin(studio);
    assert.deepEqual([refused.status, JSON.parse(refused.body).code], [403, 'permission_denied']);
    assert.deepEqual(await uploadsOf(folder.path), before);
    assert.deepEqual(new Set(studio.rights.asked), new Set(['films']));
  });

  it('are those whom the passport names, and no call goes without one', async () => {
    await using folder = await stateFolder();
    await using studio = await startStudio(folder.path);
    assert.equal((await begin(studio, { accountId: 'a-member' })).status, 403);
    assert.equal(
      (await studio.fetchAs('gateway')('studio', '/uploads', { method: 'POST', headers: { ...TUS, 'upload-length': '9' } })).status,
      401,
    );
    await assert.rejects(studio.client.listWork({}, { within: PASSPORTS.within({ accountId: 'a-member' }) }), {
      code: 'permission_denied',
    });
    assert.deepEqual(await uploadsOf(folder.path), []);
  });

  it('wait while access does not answer', async () => {
    await using folder = await stateFolder();
    await using studio = await startStudio(folder.path);
    studio.rights.answer = 'down';
    await assert.rejects(studio.client.importUpload({ uploadId: 'a'.repeat(16), name: 'x' }), { code: 'unavailable' });
    const refused = await begin(studio);
    assert.equal(refused.status, 503);
    assert.match(refused.body, /access does not answer. Nothing was done; try again/);
    assert.deepEqual(await uploadsOf(folder.path), []);
  });

  it('alone see in the graph how a title is prepared, decided once for all titles of a request', async () => {
    await using folder = await stateFolder();
    await using studio = await startStudio(folder.path);
    const { id } = await upload(
      studio,
      Buffer.concat([Buffer.from('\0\0\0\x20ftypisom\0\0\0\0isomiso2avc1mp41', 'latin1'), Buffer.alloc(20_000, 7)]),
    );
    await studio.client.importUpload({ uploadId: id, name: 'Broken', year: 2026 });
    const ask = () => studio.ask(PRODUCTION, OPERATOR, { r: [id, id, id].map((each) => ({ __typename: 'Title', id: each })) });
    const shown = (production: unknown) => ({ data: { _entities: [{ production }, { production }, { production }] } });
    await until('it is in the graph', async () => JSON.stringify(await ask()) === JSON.stringify(shown({ workId: id })));
    const before = studio.rights.asked.length;
    await ask();
    assert.equal(studio.rights.asked.length - before, 1);
    studio.rights.answer = 'operators_only';
    assert.deepEqual(await ask(), shown(null));
    studio.rights.answer = 'down';
    const { data, errors } = (await ask()) as { data: unknown; errors: { extensions: { code: string } }[] };
    assert.deepEqual({ data }, shown(null));
    assert.equal(errors.length, 3);
  });
});

async function begin(studio: RunningStudio, asker: object = OPERATOR): Promise<{ status: number; location: unknown; body: string }> {
  const headers = { ...TUS, ...PASSPORTS.headersFor(asker), 'upload-length': '9' };
  const answer = await studio.fetchAs('gateway')('studio', '/uploads', { method: 'POST', headers });
  return { status: answer.status, location: answer.headers.location, body: await text(answer.body) };
}

function uploadsOf(folder: string): Promise<string[]> {
  return readdir(path.join(folder, 'studio', 'uploads')).catch(() => []);
}
