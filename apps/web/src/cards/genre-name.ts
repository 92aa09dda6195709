import { text } from '../texts.ts';

/** A genre by its id (@bioscope/catalog/contract, GENRES); one of a newer release by the id itself. */
export function genreName(genre: string): string {
  // A key that is not there is answered with itself.
  const name = text(`genre.${genre}` as 'genre.drama');
  return name === `genre.${genre}` ? genre : name;
}
