import type { Catalogue } from '../catalogue.ts';
import type { ListStore } from '../list-store.ts';
import type { PopularityBoard } from '../popularity-board.ts';
import type { Profiles } from '../profiles.ts';
import type { HomeStore } from '../store.ts';
import type { VisibleShows } from '../visible-shows.ts';

/** What the use cases work with. */
export type HomeParts = {
  readonly catalogue: Catalogue;
  readonly profiles: Profiles;
  readonly visible: VisibleShows;
  readonly store: HomeStore;
  readonly lists: ListStore;
  readonly popularity: PopularityBoard;
  readonly nowMs: () => number;
};
