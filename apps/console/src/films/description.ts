import type { Title } from '@bioscope/catalog/contract';
import { typedText } from '../design/typed-text.ts';

const TEXTS = ['name', 'synopsis', 'synopsisShort', 'originalLanguage', 'credit', 'licence', 'sourceUrl'] as const;
type Described = Pick<Title, (typeof TEXTS)[number] | 'year' | 'genres' | 'isRated' | 'maturity'>;

/** What `DescribeTitle` changes; what is left out stays. */
export type Description = Partial<Record<(typeof TEXTS)[number], string>> & {
  readonly year?: number;
  readonly genres?: { readonly ids: string[] };
  readonly rating?: { readonly maturity?: number };
};

/**
 * What the form says that the title does not. Only that is sent: an episode shows the genres and the rating of its series, which must not become its own
 * because somebody mended the synopsis.
 */
export function descriptionFrom(fields: Pick<FormData, 'get' | 'getAll'>, title: Described): Description {
  const texts = TEXTS.map((name) => [name, typedText(fields, name).trim()] as const).filter(([name, text]) => text !== title[name]);
  const year = Number(typedText(fields, 'year')) || 0;
  const ids = fields.getAll('genre').map(String);
  const rated = typedText(fields, 'maturity');
  const isSameRating = rated === (title.isRated ? String(title.maturity) : '');
  return {
    ...Object.fromEntries(texts),
    ...(year === title.year ? {} : { year }),
    ...(ids.length === title.genres.length && ids.every((id) => title.genres.includes(id)) ? {} : { genres: { ids } }),
    ...(isSameRating ? {} : { rating: rated === '' ? {} : { maturity: Number(rated) } }),
  };
}
