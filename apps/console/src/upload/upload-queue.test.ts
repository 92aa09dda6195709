import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import type { UploadOutcome } from './tus-upload.ts';
import { createUploadQueue, filmNameOf, UPLOADS_AT_ONCE, type UploadQueue } from './upload-queue.ts';

type Started = { name: string; onProgress: (sent: number) => void; signal: AbortSignal; end: (outcome: UploadOutcome) => void };

function queueOf({ importFails = 0 } = {}): { queue: UploadQueue; started: Started[]; imported: string[]; dropped: string[] } {
  const started: Started[] = [];
  const imported: string[] = [];
  const dropped: string[] = [];
  let ids = 0;
  let failsLeft = importFails;
  const queue = createUploadQueue({
    upload: ({ file, onProgress, signal }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        started.push({ name: file.name, onProgress, signal, end: resolve });
      }),
    importUpload: async ({ uploadId, name }) => {
      failsLeft -= 1;
      if (failsLeft >= 0) throw new Error('no');
      imported.push(`${uploadId} ${name}`);
    },
    drop: async (file) => void dropped.push(file.name),
    imported: () => undefined,
    newId: () => `u${(ids += 1)}`,
  });
  return { queue, started, imported, dropped };
}

const files = (...names: string[]): File[] => names.map((name) => new File(['1234'], name));
const states = (queue: UploadQueue): string[] => queue.items().map(({ fileName, state }) => `${fileName} ${state}`);

describe('the queue of uploads', () => {
  it('sends a few at once and the others after them, and imports each under its name', async () => {
    const { queue, started, imported } = queueOf();
    queue.add(files('a.mkv', 'b.mkv', 'c.mkv'));
    assert.equal(started.length, UPLOADS_AT_ONCE);
    assert.deepEqual(states(queue), ['a.mkv sending', 'b.mkv sending', 'c.mkv waiting']);
    started[0]?.end({ kind: 'uploaded', uploadId: 'x1' });
    await soon();
    assert.deepEqual(imported, ['x1 a']);
    assert.deepEqual(states(queue), ['b.mkv sending', 'c.mkv sending']);
  });

  it('tells how far each is', () => {
    const { queue, started } = queueOf();
    queue.add(files('a.mkv'));
    started[0]?.onProgress(3);
    assert.deepEqual(queue.items()[0], { id: 'u1', fileName: 'a.mkv', totalBytes: 4, sentBytes: 3, state: 'sending', message: '' });
  });

  it('keeps what was refused or broke off, with the reason, lets the next one go, and starts it again when told', async () => {
    const { queue, started } = queueOf();
    queue.add(files('a.mkv', 'b.mkv', 'c.mkv'));
    started[0]?.end({ kind: 'refused', message: 'not a film' });
    started[1]?.end({ kind: 'broke_off', message: 'nobody answers' });
    await soon();
    assert.deepEqual(states(queue), ['a.mkv refused', 'b.mkv broke_off', 'c.mkv sending']);
    assert.equal(queue.items()[0]?.message, 'not a film');
    queue.again('u2');
    assert.deepEqual(states(queue), ['a.mkv refused', 'b.mkv sending', 'c.mkv sending']);
  });

  it('keeps an upload whose import failed, to be imported again', async () => {
    const { queue, started, imported } = queueOf({ importFails: 1 });
    queue.add(files('a.mkv'));
    started[0]?.end({ kind: 'uploaded', uploadId: 'x1' });
    await soon();
    assert.deepEqual(states(queue), ['a.mkv broke_off']);
    queue.again('u1');
    started[1]?.end({ kind: 'uploaded', uploadId: 'x1' });
    await soon();
    assert.deepEqual([states(queue), imported], [[], ['x1 a']]);
  });

  it('drops what is cancelled, here and at the service, and goes on with the next', async () => {
    const { queue, started, dropped } = queueOf();
    queue.add(files('a.mkv', 'b.mkv', 'c.mkv'));
    queue.cancel('u1');
    await soon();
    assert.equal(started[0]?.signal.aborted, true);
    assert.deepEqual(dropped, ['a.mkv']);
    assert.deepEqual(states(queue), ['b.mkv sending', 'c.mkv sending']);
  });

  it('tells its listeners of each change until they leave', () => {
    const { queue, started } = queueOf();
    let told = 0;
    const leave = queue.subscribe(() => (told += 1));
    queue.add(files('a.mkv'));
    const before = told;
    assert.ok(before > 0);
    started[0]?.onProgress(1);
    assert.equal(told, before + 1);
    leave();
    started[0]?.onProgress(2);
    assert.equal(told, before + 1);
  });
});

describe('the first name of a film', () => {
  it('is its file’s, made readable', () => {
    assert.deepEqual(['My_first.film.2024.mkv', 'nosferatu.mp4', '  .mkv', 'ohne Endung', 'a'.repeat(300)].map(filmNameOf), [
      'My first film 2024',
      'nosferatu',
      'Untitled',
      'ohne Endung',
      'a'.repeat(200),
    ]);
  });
});
