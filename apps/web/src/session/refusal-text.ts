import type { Refusal } from '@bioscope/playback/contract';
import { dateAndTime } from '../design/format.ts';
import { locale, refusalWords, waitUntil } from '../texts.ts';

/** Why a play session was refused, and when it will not be any more, in the language of the page. */
export function refusalText({ because, liftsAtMs }: Pick<Refusal, 'because' | 'liftsAtMs'>): string {
  const { text } = refusalWords(because);
  return liftsAtMs > 0 ? `${text} ${waitUntil(dateAndTime(liftsAtMs, locale()))}` : text;
}
