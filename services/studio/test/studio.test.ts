import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { RpcError } from '@bioscope/rpc';
import { StepState, WorkState } from '../contract/index.ts';
import type { Work } from '../contract/index.ts';
import * as realMedia from '../src/media/index.ts';
import { makeClip } from './clip.ts';
import { OPERATOR, PASSPORTS, startStudio, stateFolder, until, upload } from './running-studio.ts';
import type { RunningStudio } from './running-studio.ts';

const ABOUT = { synopsis: '', year: 2026, credit: 'us', licence: 'CC0', sourceUrl: '' };
const SHORT_CHUNKS = { BIOSCOPE_STUDIO_CHUNK_SECONDS: '4' };

const PRODUCTION = `query ($r: [_Any!]!) {
  _entities(representations: $r) { ... on Title { production { workId state reason isPlayable steps { name state progress } } } }
}`;

describe('the studio', () => {
  it('turns an upload into a first edition of the lowest rungs, then the whole one, and keeps no scratch', async () => {
    await using folder = await stateFolder();
    const film = await makeClip(folder.path, { seconds: 6 });
    await using studio = await startStudio(folder.path, { environment: { ...SHORT_CHUNKS, BIOSCOPE_STUDIO_RELEASE_MINUTES: '0' } });
    const { id } = await upload(studio, film, 100_000);
    const { work } = await studio.client.importUpload({ uploadId: id, name: 'Clip', ...ABOUT });
    assert.equal(work?.state, WorkState.RUNNING);
    const again = await studio.client.importUpload({ uploadId: id, name: 'Other', ...ABOUT });
    assert.deepEqual([again.work?.id, again.work?.name], [work?.id, 'Clip']);

    const done = await watched(studio, id, (now) => now.state === WorkState.DONE);
    assert.ok(done.steps.every(({ state, progress }) => state === StepState.DONE && progress === 1));
    assert.ok(done.playable && done.playableAtMs < done.endedAtMs);
    const [first, whole] = studio.told.editions;
    assert.deepEqual([first?.complete, first?.video.length, whole?.complete], [false, 2, true]);
    assert.deepEqual(
      whole?.video.map(({ height }) => height),
      [240, 360, 480],
    );
    assert.equal(whole?.audio.length, 1);
    assert.equal(Math.round((whole?.durationMs ?? 0) / 1000), 6);
    assert.ok(studio.told.artwork.has(id));
    const inGraph = (isOperator: boolean) =>
      studio.ask(PRODUCTION, { ...OPERATOR, isOperator }, { r: ['nothing', id].map((each) => ({ __typename: 'Title', id: each })) });
    const production = {
      workId: id,
      state: 'DONE',
      reason: null,
      isPlayable: true,
      steps: done.steps.map(({ name }) => ({ name, state: 'DONE', progress: 1 })),
    };
    assert.deepEqual(await inGraph(true), { data: { _entities: [{ production: null }, { production }] } });
    assert.deepEqual(await inGraph(false), { data: { _entities: [{ production: null }, { production: null }] } });
    for (const { name, bytes } of whole?.files ?? []) assert.equal((await studio.blob.head(`editions/${whole?.id}/${name}`))?.bytes, bytes);

    await until(
      'the first edition is released',
      async () => studio.told.released.includes(first?.id ?? '') && (await keysOf(studio, `editions/${first?.id}/`)).length === 0,
    );
    await until('scratch and upload are gone', async () => (await scratchOf(folder.path)).length === 0);
    assert.deepEqual(await keysOf(studio, 'sources/'), [`sources/${id}/film`]);
  });

  it('serves the files of an edition to appliances only, whole and in ranges', async () => {
    await using folder = await stateFolder();
    await using studio = await startStudio(folder.path);
    await studio.blob.put('editions/ed-1/240p.mp4', Buffer.from('0123456789'));
    const get = async (where: string, range?: string) => {
      const answer = await studio.fetchAs('appliance')('studio', where, range === undefined ? {} : { headers: { range } });
      return [answer.status, (await buffer(answer.body)).toString(), answer.headers['content-range']];
    };
    assert.deepEqual(await get('/origin/ed-1/240p.mp4'), [200, '0123456789', undefined]);
    assert.deepEqual(await get('/origin/ed-1/240p.mp4', 'bytes=3-5'), [206, '345', 'bytes 3-5/10']);
    assert.deepEqual(await get('/origin/ed-1/240p.mp4', 'bytes=8-'), [206, '89', 'bytes 8-9/10']);
    assert.deepEqual(await get('/origin/ed-1/240p.mp4', 'bytes=-2'), [206, '89', 'bytes 8-9/10']);
    assert.deepEqual(await get('/origin/ed-1/240p.mp4', 'bytes=10-'), [416, '', 'bytes */10']);
    for (const where of ['/origin/ed-1/none.mp4', '/origin/ed-1', '/origin/ed-1/..%2f240p.mp4', '/origin/ed-1/240p.mp4/x'])
      assert.equal((await get(where))[0], 404);
    const gateway = await studio.fetchAs('gateway')('studio', '/origin/ed-1/240p.mp4');
    assert.equal(gateway.status, 403);
  });

  it('refuses at the first bytes what is no film, and what is broken later with the reason; nothing is left behind', async () => {
    await using folder = await stateFolder();
    await using studio = await startStudio(folder.path);
    const text = await upload(studio, Buffer.from('This is a letter. '.repeat(1_000)));
    assert.equal(text.answer.status, 422);
    assert.match((await buffer(text.answer.body)).toString(), /"code":"not_a_film".*film format/);
    assert.deepEqual(await readdir(path.join(folder.path, 'studio', 'uploads')), []);

    const broken = await upload(
      studio,
      Buffer.concat([Buffer.from('\0\0\0\x20ftypisom\0\0\0\0isomiso2avc1mp41', 'latin1'), Buffer.alloc(20_000, 7)]),
    );
    await studio.client.importUpload({ uploadId: broken.id, name: 'Broken', ...ABOUT });
    const refused = await watched(studio, broken.id, (now) => now.state !== WorkState.RUNNING);
    assert.equal(refused.state, WorkState.REFUSED);
    assert.ok(refused.reason.length > 10 && refused.reasonCode !== '');
    await until('the catalogue knows why', () => studio.told.failures.get(broken.id) === refused.reason);
    await until('nothing is left', async () => (await scratchOf(folder.path)).length === 0 && (await keysOf(studio, '')).length === 0);
    await assert.rejects(studio.client.retryWork({ workId: broken.id }), refusedWith('failed_precondition'));
  });

  it('says why an import cannot be: no such upload, an unfinished one, a film without a name', async () => {
    await using folder = await stateFolder();
    const film = await makeClip(folder.path, { seconds: 1, size: '64x64' });
    await using studio = await startStudio(folder.path);
    await assert.rejects(studio.client.importUpload({ uploadId: '../../etc/passwd', name: 'x' }), refusedWith('invalid_argument'));
    await assert.rejects(studio.client.importUpload({ uploadId: 'a'.repeat(16), name: 'x' }), refusedWith('not_found'));
    const begun = await studio.fetchAs('gateway')('studio', '/uploads', {
      method: 'POST',
      headers: { 'tus-resumable': '1.0.0', 'upload-length': '9', ...PASSPORTS.headersFor(OPERATOR) },
    });
    const unfinished = String(begun.headers.location).split('/').at(-1) ?? '';
    await assert.rejects(studio.client.importUpload({ uploadId: unfinished, name: 'x' }), refusedWith('failed_precondition'));
    const { id } = await upload(studio, film);
    await assert.rejects(studio.client.importUpload({ uploadId: id, name: ' ' }), refusedWith('invalid_argument'));
    await assert.rejects(studio.client.watchWork({ workId: id }), refusedWith('not_found'));
    await assert.rejects(studio.client.watchWork({}), refusedWith('invalid_argument'));
    await assert.rejects(studio.client.retryWork({ workId: '../x' }), refusedWith('invalid_argument'));
    assert.deepEqual((await studio.client.listWork({})).work, []);
  });

  it('lets no upload in that is empty, too large, or does not fit on the disk', async () => {
    await using folder = await stateFolder();
    await using studio = await startStudio(folder.path, {
      environment: { BIOSCOPE_STUDIO_UPLOAD_GIB: '5000', BIOSCOPE_STUDIO_RESERVE_GIB: '0.1' },
    });
    const begin = async (bytes: number) =>
      (
        await studio.fetchAs('gateway')('studio', '/uploads', {
          method: 'POST',
          headers: { 'tus-resumable': '1.0.0', 'upload-length': String(bytes), ...PASSPORTS.headersFor(OPERATOR) },
        })
      ).status;
    assert.equal(await begin(0), 422);
    assert.equal(await begin(6_000 * 1024 ** 3), 413);
    assert.equal(await begin(4_000 * 1024 ** 3), 507);
    assert.equal(await begin(10), 201);
    assert.equal((await studio.fetchAs('appliance')('studio', '/uploads', { method: 'POST' })).status, 403);
  });

  it('gives up with the reason when a step fails again and again, and goes on from there when retried', async () => {
    await using folder = await stateFolder();
    const film = await makeClip(folder.path, { seconds: 6 });
    let crashes = true;
    const encoded: string[] = [];
    const encodeChunk: typeof realMedia.encodeChunk = async (request) => {
      if (crashes && request.chunk.index === 1) throw new realMedia.MediaFault('MEDIA_PROGRAM_MISSING', 'ffmpeg is not installed');
      encoded.push(`${request.group.name}/${request.chunk.index}`);
      return realMedia.encodeChunk(request);
    };
    await using studio = await startStudio(folder.path, { media: { encodeChunk }, environment: SHORT_CHUNKS });
    const { id } = await upload(studio, film);
    await studio.client.importUpload({ uploadId: id, name: 'Clip', ...ABOUT });
    const failed = await watched(studio, id, (now) => now.state === WorkState.FAILED);
    assert.equal(failed.reason, 'ffmpeg is not installed');
    assert.ok(failed.steps.some(({ state, reason }) => state === StepState.FAILED && reason === 'ffmpeg is not installed'));
    await until('the catalogue knows why', () => studio.told.failures.get(id) === 'ffmpeg is not installed');
    crashes = false;
    await studio.client.retryWork({ workId: id });
    await watched(studio, id, (now) => now.state === WorkState.DONE);
    assert.equal(new Set(encoded).size, encoded.length, `encoded twice: ${encoded.join(' ')}`);
  });

  it('stops and deletes everything of a title that is removed, also while it is encoded', async () => {
    await using folder = await stateFolder();
    const film = await makeClip(folder.path, { seconds: 6 });
    const encoding = Promise.withResolvers<void>();
    const stopped = Promise.withResolvers<void>();
    const encodeChunk: typeof realMedia.encodeChunk = async ({ signal }) => {
      encoding.resolve();
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
      stopped.resolve();
      throw signal?.reason;
    };
    await using studio = await startStudio(folder.path, { media: { encodeChunk } });
    const { id } = await upload(studio, film);
    await studio.client.importUpload({ uploadId: id, name: 'Clip', ...ABOUT });
    await encoding.promise;
    await studio.removeTitle(id);
    await stopped.promise;
    await until('nothing is left', async () => (await scratchOf(folder.path)).length === 0 && (await keysOf(studio, '')).length === 0);
    assert.deepEqual((await studio.client.listWork({})).work, []);
  });
});

async function watched(studio: RunningStudio, workId: string, enough: (work: Work) => boolean): Promise<Work> {
  let knownVersion = 0;
  return until('the work gets there', async () => {
    const { work } = await studio.client.watchWork({ workId, knownVersion, waitMs: 5_000 }, { deadlineMs: 10_000 });
    assert.ok(work !== undefined);
    knownVersion = work.version;
    return enough(work) ? work : null;
  });
}

async function scratchOf(folder: string): Promise<string[]> {
  const names = await Promise.all(['work', 'uploads'].map((name) => readdir(path.join(folder, 'studio', name)).catch(() => [])));
  return names.flat();
}

async function keysOf(studio: RunningStudio, prefix: string): Promise<string[]> {
  return (await studio.blob.list({ prefix })).objects.map(({ key }) => key);
}

function refusedWith(code: string): (fault: unknown) => boolean {
  return (fault) => {
    assert.ok(fault instanceof RpcError, String(fault));
    assert.equal(fault.code, code, fault.message);
    return true;
  };
}
