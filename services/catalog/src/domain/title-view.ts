import type { MessageInitShape } from '@bufbuild/protobuf';

import { TitleState, type TitleSchema } from '../../contract/index.ts';
import { playedEdition, type TitleRecord } from './title.ts';

/** A title as clients see it. `prepared` is the studio's last word, 0 when it has not spoken. */
export function titleView(record: TitleRecord, prepared: number): MessageInitShape<typeof TitleSchema> {
  const edition = playedEdition(record);
  return {
    id: record.id,
    name: record.name,
    synopsis: record.synopsis,
    year: record.year,
    credit: record.credit,
    licence: record.licence,
    sourceUrl: record.sourceUrl,
    state: stateOf(record),
    failure: record.failure,
    prepared: edition?.complete === true ? 1 : prepared,
    editionId: edition?.editionId ?? '',
    durationMs: edition?.durationMs ?? 0,
    rungHeights: [...(edition?.rungHeights ?? [])],
    createdAtMs: record.createdAtMs,
    posterPath: artworkPath(record.id, record.poster),
    backdropPath: artworkPath(record.id, record.backdrop),
    availableFromMs: record.availableFromMs,
    availableUntilMs: record.availableUntilMs,
  };
}

/** A title whose later rungs failed can still be played with those it has. */
function stateOf(record: TitleRecord): TitleState {
  if (record.editions.length > 0) return TitleState.PLAYABLE;
  return record.failure === '' ? TitleState.PREPARING : TitleState.FAILED;
}

function artworkPath(titleId: string, file: string): string {
  return file === '' ? '' : `/artwork/${titleId}/${file}`;
}
