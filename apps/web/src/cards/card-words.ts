import { clock, qualityName, runtime } from '../design/format.ts';
import { locale, text } from '../texts.ts';
import type { CardTitle, WayToPlay } from './card.ts';

/** "2008 · From 6 years · 10 min · 1080p": only what is known. */
export function factsOf(title: Pick<CardTitle, 'year' | 'maturity' | 'isRated' | 'durationMs' | 'heightMax'>): string[] {
  const { year, maturity, isRated, durationMs, heightMax } = title;
  return [
    year === null ? '' : String(year),
    isRated ? maturityWords(maturity) : '',
    durationMs > 0 ? runtime(durationMs, locale()) : '',
    heightMax === null ? '' : qualityName(heightMax),
  ].filter((fact) => fact !== '');
}

export function maturityWords(age: number): string {
  return age === 0 ? text('title.maturityAll') : text('title.maturity', { age });
}

/** What the play button says. */
export function playWords(way: WayToPlay, positionMs = 0): string {
  switch (way.kind) {
    case 'play':
      return text('title.play');
    case 'resume':
      return positionMs > 0 ? text('title.resumeAt', { time: clock(positionMs) }) : text('title.resume');
    case 'play_episode':
      return text('title.playEpisode', { season: way.season, episode: way.episode });
    case 'resume_episode':
      return text('title.resumeEpisode', { season: way.season, episode: way.episode });
    default:
      return way satisfies never;
  }
}
