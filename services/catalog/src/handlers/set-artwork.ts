import { createHash } from 'node:crypto';

import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError } from '@bioscope/rpc';

import type { SetArtworkRequest, SetArtworkResponseSchema } from '../../contract/index.ts';
import { decideArtwork } from '../domain/decisions.ts';
import { readJpeg } from '../domain/jpeg.ts';
import type { CatalogParts } from './context.ts';
import { invalid, requireId } from './requests.ts';

/** A picture is stored under a name made of its bytes, so that a browser may keep it for ever and a changed picture has a new address. */
export async function setArtwork(
  parts: CatalogParts,
  request: SetArtworkRequest,
): Promise<MessageInitShape<typeof SetArtworkResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const pictures = (['poster', 'backdrop'] as const).filter((kind) => request[kind].length > 0);
  if (pictures.length === 0) throw invalid(['poster and backdrop are both empty']);
  const problems = pictures.flatMap((kind) => {
    const verdict = readJpeg(request[kind]);
    return verdict.kind === 'refused' ? [`${kind} is refused: ${verdict.because}`] : [];
  });
  if (problems.length > 0) throw invalid(problems);
  const files: { poster?: string; backdrop?: string } = {};
  for (const kind of pictures) {
    files[kind] = `${createHash('sha256').update(request[kind]).digest('hex').slice(0, 16)}-${kind}.jpg`;
    await parts.blob.put(artworkKey(titleId, files[kind]), request[kind]);
  }
  try {
    const record = await parts.titles.change({ id: titleId, commandId: `artwork ${parts.newId()}` }, (title) =>
      decideArtwork(title, files),
    );
    return { title: parts.show(record) };
  } catch (fault) {
    const isRefused = fault instanceof RpcError && (fault.code === 'not_found' || fault.code === 'failed_precondition');
    if (isRefused) for (const file of Object.values(files)) await parts.blob.delete(artworkKey(titleId, file));
    throw fault;
  }
}

export function artworkKey(titleId: string, file: string): string {
  return `artwork/${titleId}/${file}`;
}
