import { typedText } from '../design/typed-text.ts';

/** What the form says about a film, as `DescribeTitle` wants it. Everything on the form is said, so that emptying a field empties it. */
export function descriptionFrom(fields: Pick<FormData, 'get' | 'getAll'>) {
  const text = (name: string): string => typedText(fields, name).trim();
  const maturity = text('maturity');
  return {
    name: text('name'),
    synopsis: text('synopsis'),
    synopsisShort: text('synopsisShort'),
    year: Number(text('year')) || 0,
    originalLanguage: text('originalLanguage'),
    credit: text('credit'),
    licence: text('licence'),
    sourceUrl: text('sourceUrl'),
    genres: { ids: fields.getAll('genre').map(String) },
    rating: maturity === '' ? {} : { maturity: Number(maturity) },
  };
}
