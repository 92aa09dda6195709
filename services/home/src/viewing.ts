import type { Passport } from '@bioscope/passport';
import type { RequestContext } from '@bioscope/rpc';

import type { Known } from './catalogue.ts';
import { showVisibleTo } from './domain/audience.ts';
import { cardOf, type Card } from './domain/card.ts';
import { historyOf, type History } from './domain/history.ts';
import type { Show } from './domain/library.ts';
import type { MyList } from './domain/my-list.ts';
import { ceilingOf, type Viewer } from './domain/viewer.ts';
import type { HomeParts } from './handlers/context.ts';
import type { KeptProfile } from './store.ts';

/** One profile looking at the catalogue. */
export type Viewing = {
  readonly viewer: Viewer;
  readonly known: Known;
  readonly kept: KeptProfile;
  readonly history: History;
  readonly list: MyList;
  /** All that it may see and play now. */
  visible(): readonly Show[];
  /** The show to which a movie, series, season or episode belongs, as it may see it now; null: not for it. */
  showOf(titleId: string): Show | null;
  card(show: Show): Card;
};

/** Loads all that one answer to a profile is made of. */
export async function viewing(parts: Omit<HomeParts, 'popularity'>, passport: Passport, within: RequestContext): Promise<Viewing> {
  const known = parts.catalogue.known();
  const [{ viewer, kept }, list] = await Promise.all([parts.profiles(passport, within), parts.lists.read(passport.profileId)]);
  const audience = { country: viewer.country, ceiling: ceilingOf(viewer) };
  const history = historyOf(kept.watched, known.library);
  const ties = { history, list: new Set(list), thumbs: kept.thumbs, language: viewer.language };
  return {
    viewer,
    known,
    kept,
    history,
    list,
    visible: () => parts.visible(known.library, audience),
    showOf(titleId) {
      const show = known.library.showOf.get(titleId);
      return show === undefined ? null : showVisibleTo(show, { ...audience, atMs: parts.nowMs() });
    },
    card: (show) => cardOf(show, ties),
  };
}
