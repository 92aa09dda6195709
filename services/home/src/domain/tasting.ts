import type { Library, Show } from './library.ts';

/** What a show is like: its features and how much each says. Of length 1. */
export type Flavour = ReadonlyMap<string, number>;

/** How much a feature says before its rarity counts. */
const GENRE = 1;
const MAKER = 1.2;
const CAST = 0.8;
const LANGUAGE = 0.3;
const DECADE = 0.3;
/** Those who come later in the credits say little. */
const CAST_COUNTED = 10;

/** By show id. Rare features say more (inverse document frequency); what all have says nothing. */
export function flavours({ shows }: Library): ReadonlyMap<string, Flavour> {
  const features = new Map(shows.map((show) => [show.id, featuresOf(show)]));
  const counts = new Map<string, number>();
  for (const own of features.values()) for (const feature of own.keys()) counts.set(feature, (counts.get(feature) ?? 0) + 1);
  const rarity = (feature: string): number => Math.log((shows.length + 1) / (counts.get(feature) ?? 1));
  return new Map(
    [...features].map(([id, own]) => [id, normalised(new Map([...own].map(([feature, weight]) => [feature, weight * rarity(feature)])))]),
  );
}

/** Cosine: 0 nothing in common, 1 the same; below 0 only of a taste that dislikes. */
export function likeness(one: Flavour, other: Flavour): number {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  let sum = 0;
  for (const [feature, weight] of small) sum += weight * (large.get(feature) ?? 0);
  return sum;
}

/** What somebody likes, from what they watched and said of it. Empty when nothing is known. */
export function tasteOf(opinions: readonly { readonly flavour: Flavour; readonly weight: number }[]): Flavour {
  const taste = new Map<string, number>();
  for (const { flavour, weight } of opinions)
    for (const [feature, own] of flavour) taste.set(feature, (taste.get(feature) ?? 0) + own * weight);
  return normalised(taste);
}

function featuresOf({ title }: Show): Map<string, number> {
  const features = new Map<string, number>();
  for (const genre of title.genres) features.set(`genre ${genre}`, GENRE);
  for (const credit of title.people.filter(({ job }) => job !== 'cast')) features.set(`person ${credit.personId}`, MAKER);
  for (const credit of title.people.filter(({ job }) => job === 'cast').slice(0, CAST_COUNTED))
    if (!features.has(`person ${credit.personId}`)) features.set(`person ${credit.personId}`, CAST);
  if (title.originalLanguage !== '') features.set(`language ${title.originalLanguage}`, LANGUAGE);
  if (title.year > 0) features.set(`decade ${Math.floor(title.year / 10)}`, DECADE);
  return features;
}

function normalised(vector: ReadonlyMap<string, number>): Flavour {
  const length = Math.sqrt([...vector.values()].reduce((sum, weight) => sum + weight * weight, 0));
  return length === 0 ? new Map() : new Map([...vector].map(([feature, weight]) => [feature, weight / length]));
}
