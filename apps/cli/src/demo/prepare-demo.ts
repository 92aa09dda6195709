import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { access } from 'node:fs/promises';
import { StudioService, WorkState } from '@bioscope/studio/contract';
import type { Logger } from '@bioscope/telemetry';
import type { Api } from '../service/api.ts';
import { uploadFile } from '../service/tus-upload.ts';
import { watchWork } from '../service/watch-work.ts';
import { describeFilm } from './describe-film.ts';
import { DEMO_FILMS } from './films.ts';
import type { DemoFilm } from './films.ts';
import { makeFilm } from './make-film.ts';
import { readMarker, writeMarker } from './marker.ts';

export type DemoNeeds = {
  readonly api: Api;
  /** The state folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly films?: readonly DemoFilm[];
};

/**
 * Adds the demo films that this state folder has not had yet, one after the other, by the way that `add` goes. Each is made or begun only
 * when the one before can be watched: on two cores they would only slow each other down. Never rejects: a service without demo films is
 * still a service; the next start tries again.
 */
export async function prepareDemo(needs: DemoNeeds): Promise<void> {
  for (const film of needs.films ?? DEMO_FILMS) {
    if (needs.signal.aborted) return;
    try {
      await addOnce(needs, film);
    } catch (error) {
      if (needs.signal.aborted) return;
      needs.log.warn({ film: film.slug, error }, 'a demo film could not be added');
    }
  }
}

async function addOnce(needs: DemoNeeds, film: DemoFilm): Promise<void> {
  const marker = readMarker(needs.folder, film.slug);
  if (marker?.state === 'added') return;
  needs.say(`  preparing "${film.name}" (${film.licence}, ${film.credit})`);
  const made = join(needs.folder, 'demo', `${film.slug}.mp4`);
  const file = await sourceFile(needs, film, made);
  const uploadId = await uploadFile(needs.api, {
    file,
    signal: needs.signal,
    onProgress: () => {},
    onCreated: (id) => writeMarker(needs.folder, film.slug, { state: 'uploading', uploadId: id }),
    ...(marker === null ? {} : { uploadId: marker.uploadId }),
  });
  const { name, synopsis, year, credit, licence, sourceUrl } = film;
  const { work } = await needs.api.call(
    StudioService.method.importUpload,
    { uploadId, name, synopsis, year, credit, licence, sourceUrl },
    { deadlineMs: 30_000, signal: needs.signal },
  );
  if (work === undefined) throw new Error('the service accepted the film but told nothing of its work');
  // Before it is playable: until it is rated, only grown-up profiles would see it.
  await describeFilm(needs.api, { slug: film.slug, titleId: work.titleId });
  writeMarker(needs.folder, film.slug, { state: 'added', workId: work.id });
  await rm(made, { force: true });
  const now = await watchWork(needs.api, {
    workId: work.id,
    onChange: () => {},
    until: (each) => each.playable || each.state !== WorkState.RUNNING,
    signal: needs.signal,
  });
  needs.say(now.playable ? `  "${film.name}" can be watched` : `  "${film.name}" could not be prepared: ${now.reason}`);
}

async function sourceFile(needs: DemoNeeds, film: DemoFilm, made: string): Promise<string> {
  if (film.from.kind === 'package') {
    const manifest = createRequire(import.meta.url).resolve(`${film.from.packageName}/package.json`);
    return join(dirname(manifest), film.from.file);
  }
  const exists = await access(made).then(
    () => true,
    () => false,
  );
  if (!exists) await makeFilm({ source: film.from, file: made, environment: needs.environment, signal: needs.signal });
  return made;
}
