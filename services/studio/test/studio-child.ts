import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { WorkState } from '../contract/index.ts';
import { listeningMedia } from './listening-media.ts';
import { OPERATOR, PASSPORTS, startStudio } from './running-studio.ts';

/** Uploads a film and has it prepared, going on where the process before it was killed; notes in a ledger what was acknowledged and what the encoder did. */
const [folder = '', film = ''] = process.argv.slice(2);
const ledger = path.join(folder, 'ledger');
const note = (line: string) => appendFileSync(ledger, `${line}\n`);
const TUS = { 'tus-resumable': '1.0.0' };
const PATCH_BYTES = 60_000;

const studio = await startStudio(folder, { media: listeningMedia(note), environment: { BIOSCOPE_STUDIO_CHUNK_SECONDS: '4' } });
const fetch = studio.fetchAs('gateway');
const uploadId = await knownOrNewUpload();
const isImported =
  (await studio.client.listWork({})).work.some(({ id }) => id === uploadId) || readFileSync(ledger, 'utf8').includes('imported');
if (!isImported) await sendTheRest();
await studio.client.importUpload({ uploadId, name: 'Clip', year: 2026 });
note('imported');
for (;;) {
  const { work } = await studio.client.watchWork({ workId: uploadId });
  if (work?.state !== WorkState.RUNNING) note(`ended ${work?.state}`);
  await setTimeout(100);
}

async function knownOrNewUpload(): Promise<string> {
  const file = path.join(folder, 'upload-id');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const begun = await fetch('studio', '/uploads', {
    method: 'POST',
    headers: { ...TUS, ...PASSPORTS.headersFor(OPERATOR), 'upload-length': String(readFileSync(film).length) },
  });
  const id = String(begun.headers.location).split('/').at(-1) ?? '';
  await writeFile(file, id);
  note('begun');
  return id;
}

async function sendTheRest(): Promise<void> {
  const bytes = readFileSync(film);
  const head = await fetch('studio', `/uploads/${uploadId}`, { method: 'HEAD', headers: { ...TUS, ...PASSPORTS.headersFor(OPERATOR) } });
  let at = Number(head.headers['upload-offset']);
  note(`resumes ${at}`);
  while (at < bytes.length) {
    const body = bytes.subarray(at, at + PATCH_BYTES);
    const headers = {
      ...TUS,
      ...PASSPORTS.headersFor(OPERATOR),
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(at),
      'content-length': String(body.length),
    };
    const answer = await fetch('studio', `/uploads/${uploadId}`, { method: 'PATCH', headers, body });
    await buffer(answer.body);
    at = Number(answer.headers['upload-offset']);
    note(`acknowledged ${at}`);
  }
}
