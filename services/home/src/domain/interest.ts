import type { HomeInputs } from './compose-home.ts';
import type { Show } from './library.ts';
import { lot } from './lot.ts';
import { dayOf } from './popularity.ts';
import { likeness, tasteOf, type Flavour } from './tasting.ts';

/** A show and how much the profile will like it, as far as can be told. */
export type Interesting = { readonly show: Show; readonly interest: number };

/** How much likes, watching and dislikes say. */
const OPINION = { up: 1, finished: 0.6, begun: 0.4, down: -1 } as const;
/** Older watching says less of what somebody wants today. */
const OPINIONS_COUNTED = 50;
/** How much popularity says beside taste, and chance beside both: enough to show something else tomorrow. */
const POPULARITY_SHARE = 0.4;
const CHANCE_SHARE = 0.1;

/** What the profile may see, the most interesting first. Changes with the day, so that pages do not stand still. */
export function byInterest(inputs: HomeInputs): readonly Interesting[] {
  const { profileId, nowMs, visible, popularityOf, flavours } = inputs;
  const taste = tasteOf(opinionsIn(inputs));
  const top = visible.reduce((most, { id }) => Math.max(most, popularityOf(id)), 1);
  const day = dayOf(nowMs);
  const interestOf = ({ id }: Show): number =>
    likeness(taste, flavours.get(id) ?? NO_FLAVOUR) + POPULARITY_SHARE * (popularityOf(id) / top) + CHANCE_SHARE * lot(profileId, day, id);
  return visible
    .map((show) => ({ show, interest: interestOf(show) }))
    .sort((one, other) => other.interest - one.interest || (one.show.id < other.show.id ? -1 : 1));
}

function opinionsIn({ history, thumbs, flavours }: HomeInputs): { flavour: Flavour; weight: number }[] {
  const watched = history.shows
    .slice(0, OPINIONS_COUNTED)
    .map(({ showId, isFinished }) => ({ showId, weight: OPINION[isFinished ? 'finished' : 'begun'] }));
  const said = [...thumbs].map(([showId, thumb]) => ({ showId, weight: OPINION[thumb] }));
  return [...watched, ...said].map(({ showId, weight }) => ({ flavour: flavours.get(showId) ?? NO_FLAVOUR, weight }));
}

const NO_FLAVOUR: Flavour = new Map();
