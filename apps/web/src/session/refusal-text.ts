import type { Refusal } from '@bioscope/playback/contract';
import { dateAndTime } from '../design/format.ts';
import { countedRefusal, locale, refusalWords, waitUntil } from '../texts.ts';

/** Why a play session was refused, and when it will not be any more, in the language of the page. */
export function refusalText({ because, liftsAtMs, limit }: Pick<Refusal, 'because' | 'liftsAtMs' | 'limit'>): string {
  const text = (limit > 0 ? countedRefusal(because, limit) : undefined) ?? refusalWords(because).text;
  return liftsAtMs > 0 ? `${text} ${waitUntil(dateAndTime(liftsAtMs, locale()))}` : text;
}
