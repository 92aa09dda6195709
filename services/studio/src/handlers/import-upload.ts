import { RpcError } from '@bioscope/rpc';
import type { RequestContext } from '@bioscope/rpc';
import { advance } from '../advance.ts';
import type { ImportUploadRequest } from '../../contract/index.ts';
import { ID } from '../domain/names.ts';
import type { WorkView } from '../domain/work-view.ts';
import type { StudioParts } from '../parts.ts';
import { shown } from './show-work.ts';

/** The title first: what the catalogue refuses never becomes a work, and making it again is harmless should we die before the work is written down. */
export async function importUpload(parts: StudioParts, request: ImportUploadRequest, within: RequestContext): Promise<{ work: WorkView }> {
  const { uploadId, ...about } = request;
  if (!ID.test(uploadId)) throw new RpcError('invalid_argument', 'upload_id: the last part of the upload URL is wanted, 16 of a-z 0-9');
  const known = await parts.store.load(uploadId);
  if (known !== null) return { work: shown(parts, known) };
  await checkComplete(parts, uploadId);
  const { name, synopsis, year, credit, licence, sourceUrl } = about;
  await parts.catalog.createTitle({ titleId: uploadId, name, synopsis, year, credit, licence, sourceUrl }, { within, idempotent: true });
  const imported = await parts.store.change(uploadId, 'imported', (work) =>
    work === null ? [{ type: 'imported', name: name.trim() }] : [],
  );
  await advance(parts, uploadId);
  parts.board.touch(uploadId);
  if (imported === null) throw new RpcError('internal', 'the work was not written down');
  return { work: shown(parts, imported) };
}

async function checkComplete({ files }: StudioParts, uploadId: string): Promise<void> {
  const upload = await files.find(uploadId);
  if (upload === null)
    throw new RpcError('not_found', `there is no upload ${uploadId}: it expired, was refused, or never began. Upload the film again.`);
  if (upload.offset < upload.bytes) {
    throw new RpcError('failed_precondition', `upload ${uploadId} has ${upload.offset} of ${upload.bytes} bytes. Finish it first.`);
  }
}
