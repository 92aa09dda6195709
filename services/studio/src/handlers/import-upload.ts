import { RpcError } from '@bioscope/rpc';

import type { ImportUploadRequest } from '../../contract/index.ts';
import { createTitle } from '../create-title.ts';
import { inspectJob } from '../domain/steps.ts';
import { titleIdOf, type FilmDetails, type Work } from '../domain/work.ts';
import { enqueueSteps } from '../jobs/enqueue.ts';
import type { StudioParts } from '../parts.ts';

/** Makes a work of a finished upload. The upload's id is the work's, so that asking twice finds the first; it is durable before it answers. */
export async function importUpload(parts: StudioParts, request: ImportUploadRequest): Promise<Work> {
  const workId = request.uploadId;
  const known = await parts.store.read(workId);
  if (known !== null) return known;
  const upload = await parts.uploads.finished(workId);
  if (upload === null) throw new RpcError('not_found', `upload_id: there is no upload ${JSON.stringify(workId)}; it may have expired`);
  if (!upload.whole)
    throw new RpcError('failed_precondition', `upload_id: only ${upload.bytes} bytes of the file have arrived; send the rest first`);
  const details = detailsOf(request);
  const titleId = titleIdOf(workId);
  await parts.store.enlist(workId);
  const work = await parts.store.record(workId, `${workId}.imported`, (now) =>
    now === null ? { type: 'imported', titleId, details, bytes: upload.bytes, atMs: parts.nowMs() } : null,
  );
  await enqueueSteps(parts, [inspectJob(workId)]);
  await createTitle(parts, work).catch((fault: unknown) =>
    parts.log.warn({ work: workId, fault }, 'the catalogue will hear of the title later'),
  );
  return work;
}

/** The catalogue's limits, checked before anything is recorded. Lengths in characters. */
const LIMITS = { name: 200, synopsis: 4_000, credit: 500, licence: 200, sourceUrl: 2_000 } as const;
const YEAR_MAX = 2_200;

function detailsOf({ name, synopsis, year, credit, licence, sourceUrl }: ImportUploadRequest): FilmDetails {
  const details = {
    name: name.trim(),
    synopsis: synopsis.trim(),
    year,
    credit: credit.trim(),
    licence: licence.trim(),
    sourceUrl: sourceUrl.trim(),
  };
  if (details.name === '') throw new RpcError('invalid_argument', 'name: the title needs a name');
  for (const [field, max] of Object.entries(LIMITS)) {
    const text = details[field as keyof typeof LIMITS];
    if (text.length > max) throw new RpcError('invalid_argument', `${field}: ${text.length} characters; at most ${max} are taken`);
  }
  if (year > YEAR_MAX) throw new RpcError('invalid_argument', `year: ${year} is not a year; leave it out when it is not known`);
  return details;
}
