import { TitleKind, TitleState, type Title } from '@bioscope/catalog/contract';
import { WorkState, type Work } from '@bioscope/studio/contract';
import { percent } from '../design/format.ts';
import type { Tone } from '../design/mark.tsx';
import { texts } from '../texts.ts';

/** What operators call a film: a title of the catalogue, its preparation in the studio, or both. */
export type Film = { readonly id: string; readonly name: string; readonly sinceMs: number; readonly title?: Title; readonly work?: Work };

/** Joins titles and works by id, the newest first. Works whose title the catalogue does not tell are shown too. */
export function filmsOf(titles: readonly Title[], works: readonly Work[]): Film[] {
  const byTitle = new Map(works.map((work) => [work.titleId, work]));
  const known = titles.map((title): Film => {
    const work = byTitle.get(title.id);
    byTitle.delete(title.id);
    return { id: title.id, name: title.name, sinceMs: title.createdAtMs, title, ...(work === undefined ? {} : { work }) };
  });
  const others = [...byTitle.values()].map((work): Film => ({ id: work.titleId, name: work.name, sinceMs: work.startedAtMs, work }));
  return [...known, ...others].sort((one, other) => other.sinceMs - one.sinceMs);
}

/** A series or season: it has no film of its own. */
export function isMadeOfOthers({ kind }: Pick<Title, 'kind'>): boolean {
  return kind === TitleKind.SERIES || kind === TitleKind.SEASON;
}

export function isUnderWay({ work }: Pick<Film, 'work'>): boolean {
  return work?.state === WorkState.RUNNING;
}

/** 0 to 1: the catalogue's figure, which weighs the steps by what they cost; else the mean of the steps. */
export function preparedShare({ title, work }: Pick<Film, 'title' | 'work'>): number {
  if (title !== undefined && title.prepared > 0) return title.prepared;
  const steps = work?.steps ?? [];
  return steps.length === 0 ? 0 : steps.reduce((sum, { progress }) => sum + progress, 0) / steps.length;
}

/** How it stands with a film, in a few words. */
export function stateOf(film: Pick<Film, 'title' | 'work'>): { tone: Tone; text: string; because: string } {
  const { title, work } = film;
  switch (work?.state) {
    case WorkState.RUNNING: {
      const share = percent(preparedShare(film));
      return {
        tone: 'busy',
        text: work.playable ? texts.filmState.preparingPlayable(share) : texts.filmState.preparing(share),
        because: '',
      };
    }
    case WorkState.REFUSED:
      return { tone: 'bad', text: texts.filmState.refused, because: work.reason };
    case WorkState.FAILED:
      return { tone: 'bad', text: texts.filmState.failed, because: work.reason };
    case WorkState.DONE:
      return { tone: 'good', text: texts.filmState.ready, because: '' };
    case WorkState.UNSPECIFIED:
    case undefined:
      break;
  }
  if (title?.state === TitleState.PLAYABLE) return { tone: 'good', text: texts.filmState.ready, because: '' };
  if (title !== undefined && isMadeOfOthers(title)) return { tone: 'quiet', text: texts.series.empty, because: '' };
  if (title?.state === TitleState.FAILED) return { tone: 'bad', text: texts.filmState.failed, because: title.failure };
  return { tone: 'quiet', text: texts.filmState.waiting, because: '' };
}
