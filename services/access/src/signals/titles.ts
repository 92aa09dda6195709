import { CatalogService, TitleState, type Title } from '@bioscope/catalog/contract';
import type { Rpc } from '@bioscope/rpc';

import type { Learned, TitleFacts } from '../domain/signals.ts';
import { knownAnswers } from './known-answers.ts';
import type { SourceParts } from './sources.ts';

/** What the catalog says of titles. */
export type Titles = {
  /** Absent: the catalog does not answer and never told of the title; a null value: there is no such title. Never rejects. */
  of(titleIds: readonly string[], waitMsMax: number): Promise<ReadonlyMap<string, Learned<TitleFacts | null>>>;
  readonly forget: (titleId: string) => void;
};

/** What an episode has from its season or series counts after this; changes of the title itself are told by events. */
const FRESH_MS = 5_000;
/** What the catalog answers at a time. */
const TITLES_PER_QUESTION_MAX = 200;
/** Windows of some countries each: a few hundred bytes. */
const TITLES_MAX = 50_000;

export function titlesFrom(rpc: Rpc, { nowMs, deadlineMs, silent }: SourceParts): Titles {
  const client = rpc.client(CatalogService);
  const answers = knownAnswers<TitleFacts | null>({
    freshMs: () => FRESH_MS,
    answersMax: TITLES_MAX,
    nowMs,
    onSilence: silent('catalog'),
  });
  return {
    of: (titleIds, waitMsMax) => answers.learn(titleIds, ask, waitMsMax),
    forget: answers.forget,
  };

  async function ask(titleIds: readonly string[]): Promise<ReadonlyMap<string, TitleFacts | null>> {
    const told = new Map<string, TitleFacts | null>(titleIds.map((id) => [id, null]));
    const pages = Array.from({ length: Math.ceil(titleIds.length / TITLES_PER_QUESTION_MAX) }, (_, page) =>
      titleIds.slice(page * TITLES_PER_QUESTION_MAX, (page + 1) * TITLES_PER_QUESTION_MAX),
    );
    const answered = await Promise.all(pages.map((page) => client.getTitles({ titleIds: [...page] }, { deadlineMs, idempotent: true })));
    for (const { titles } of answered) for (const title of titles) told.set(title.id, factsOf(title));
    return told;
  }
}

function factsOf({ state, maturity, windows, rungHeights }: Title): TitleFacts {
  return { isPlayable: state === TitleState.PLAYABLE, maturity, windows, heightMax: Math.max(0, ...rungHeights) };
}
