/** Every genre there is. Their names in people's languages are texts of the apps. New ones are added at any place; none is renamed. */
export const GENRES = [
  'action',
  'adventure',
  'animation',
  'anime',
  'comedy',
  'crime',
  'documentary',
  'drama',
  'experimental',
  'family',
  'fantasy',
  'history',
  'horror',
  'music',
  'mystery',
  'nature',
  'romance',
  'science',
  'science-fiction',
  'short',
  'sport',
  'thriller',
  'war',
  'western',
] as const;
export type Genre = (typeof GENRES)[number];

/** Ages from which on a title is suitable. */
export const MATURITIES = [0, 6, 12, 16, 18] as const;
export type Maturity = (typeof MATURITIES)[number];
/** What an unrated title counts as: nobody has looked at it, so that only profiles without a ceiling may see it. */
export const UNRATED_COUNTS_AS: Maturity = 18;

/** What people do for a title. */
export const JOBS = ['director', 'writer', 'composer', 'cast'] as const;
export type Job = (typeof JOBS)[number];
