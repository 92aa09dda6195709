import type { MessageInitShape } from '@bufbuild/protobuf';

import { textsIn, TitleKind, TitleState, UNRATED_COUNTS_AS, type TitleSchema } from '../../contract/index.ts';
import type { OfferedWindow } from '../../contract/offered.ts';
import { consistsOfOthers } from './decisions.ts';
import type { Family } from './family.ts';
import { playedEdition, type CreditRecord, type TitleRecord } from './title.ts';

export type ViewOf = {
  readonly record: TitleRecord;
  readonly family: Family;
  /** The studio's last word, 0 when it has not spoken. */
  readonly prepared: number;
  /** Null for a person who was removed. */
  readonly nameOf: (personId: string) => string | null;
  /** Empty: own texts and all translations. */
  readonly language: string;
  readonly nowMs: number;
};

/** A title as clients see it: with what it has from its season or series, and what these have from their episodes. */
export function titleView({ record, family, prepared, nameOf, language, nowMs }: ViewOf): MessageInitShape<typeof TitleSchema> {
  const edition = playedEdition(record);
  const windows = effectiveWindows(record, family);
  const rating = ownOrInherited(record, family, (title) => title.maturity);
  return {
    id: record.id,
    ...textsIn(record, language),
    translations: language === '' ? record.translations.map((each) => ({ ...each })) : [],
    year: record.year,
    credit: record.credit,
    licence: record.licence,
    sourceUrl: record.sourceUrl,
    state: stateOf(record, family),
    failure: record.failure,
    prepared: edition?.complete === true || consistsOfOthers(record) ? 1 : prepared,
    editionId: edition?.editionId ?? '',
    durationMs: edition?.durationMs ?? 0,
    rungHeights: [...(edition?.rungHeights ?? [])],
    audioLanguages: [...(edition?.audioLanguages ?? [])],
    textLanguages: [...(edition?.textLanguages ?? [])],
    createdAtMs: record.createdAtMs,
    posterPath: artworkPath(record, family, 'poster'),
    backdropPath: artworkPath(record, family, 'backdrop'),
    ...placeOf(record, family),
    episodes: family.playable.length,
    genres: [...(ownOrInherited(record, family, ({ genres }) => (genres.length === 0 ? null : genres)) ?? [])],
    maturity: rating ?? UNRATED_COUNTS_AS,
    isRated: rating !== null,
    originalLanguage: ownOrInherited(record, family, (title) => title.originalLanguage || null) ?? '',
    people: record.people.flatMap((credit) => creditView(credit, nameOf)),
    windows: windows.map((window) => ({ ...window })),
    version: record.version,
    ...windowEverywhere(windows, nowMs),
  };
}

/** Those of the title, else of its season, else of its series, else everywhere without bound. */
export function effectiveWindows(record: TitleRecord, family: Family): readonly OfferedWindow[] {
  return ownOrInherited(record, family, (title) => title.windows) ?? EVERYWHERE_ALWAYS;
}

/** Without a rating of its own, its season's or its series' a title counts as the catalogue's caution says. */
export function effectiveMaturity(record: TitleRecord, family: Family): number {
  return ownOrInherited(record, family, (title) => title.maturity) ?? UNRATED_COUNTS_AS;
}

export function effectiveGenres(record: TitleRecord, family: Family): readonly string[] {
  return ownOrInherited(record, family, ({ genres }) => (genres.length === 0 ? null : genres)) ?? [];
}

const EVERYWHERE_ALWAYS: readonly OfferedWindow[] = [{ country: '*', fromMs: 0, untilMs: 0 }];
const LONG_OVER = { availableFromMs: 0, availableUntilMs: 1 };

function ownOrInherited<T>(record: TitleRecord, { season, series }: Family, read: (title: TitleRecord) => T | null): T | null {
  for (const title of [record, season, series]) {
    const value = title === null ? null : read(title);
    if (value !== null) return value;
  }
  return null;
}

/** The one for every country that holds or comes next, else the last. */
function windowEverywhere(windows: readonly OfferedWindow[], nowMs: number): { availableFromMs: number; availableUntilMs: number } {
  const everywhere = windows.filter((window) => window.country === '*').toSorted((one, other) => one.fromMs - other.fromMs);
  const window = everywhere.find(({ untilMs }) => untilMs === 0 || untilMs > nowMs) ?? everywhere.at(-1);
  return window === undefined ? LONG_OVER : { availableFromMs: window.fromMs, availableUntilMs: window.untilMs };
}

/** A title whose later rungs failed can still be played with those it has. */
function stateOf(record: TitleRecord, { playable }: Family): TitleState {
  if (record.editions.length > 0 || playable.length > 0) return TitleState.PLAYABLE;
  return record.failure === '' ? TitleState.PREPARING : TitleState.FAILED;
}

function placeOf(record: TitleRecord, { season, series }: Family) {
  return {
    kind: kindOnTheWire(record.kind),
    parentId: (season ?? series)?.id ?? '',
    seriesId: series?.id ?? '',
    number: record.number,
    seasonNumber: season?.number ?? 0,
  };
}

export function kindOnTheWire(kind: TitleRecord['kind']): TitleKind {
  return KINDS[kind];
}

const KINDS: Record<TitleRecord['kind'], TitleKind> = {
  movie: TitleKind.MOVIE,
  series: TitleKind.SERIES,
  season: TitleKind.SEASON,
  episode: TitleKind.EPISODE,
};

function creditView(
  { personId, job, role }: CreditRecord,
  nameOf: ViewOf['nameOf'],
): { personId: string; name: string; job: string; role: string }[] {
  const name = nameOf(personId);
  return name === null ? [] : [{ personId, name, job, role }];
}

function artworkPath(record: TitleRecord, { playable }: Family, which: 'poster' | 'backdrop'): string {
  const shown = record[which] === '' && consistsOfOthers(record) ? playable.find((episode) => episode[which] !== '') : record;
  return shown === undefined || shown[which] === '' ? '' : `/artwork/${shown.id}/${shown[which]}`;
}
