import { createHash } from 'node:crypto';

/** What the app asks for when it opens the home page. Each title is asked for in three services: home knows rows and cards, catalog names, playback bookmarks. */
export const HOME_PAGE = `query Home {
  home {
    billboard { ...card }
    rows { id kind cards { ...card } }
  }
}
fragment card on Card {
  title { id name posterPath maturity bookmark { positionMs } }
  playId
  positionMs
  isInMyList
  thumb
}`;
export const HOME_PAGE_SHA256 = createHash('sha256').update(HOME_PAGE).digest('hex');

/** The part of the answer that this bench itself looks at. */
export type HomeAnswer = {
  readonly data: {
    readonly home: { readonly billboard: CardAnswer | null; readonly rows: readonly { readonly cards: readonly CardAnswer[] }[] };
  };
  readonly errors?: unknown;
};
type CardAnswer = { readonly title: { readonly id: string; readonly bookmark: object | null } | null };
