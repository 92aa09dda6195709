import { ask, type AskNeeds, type Bearer } from '../network/ask.ts';
import { readJson } from '../play/play-session.ts';

export type BrowseNeeds = AskNeeds & {
  readonly apiOrigin: string;
  readonly bearer: Bearer;
  /** Of the graph; else the catalogue's list, as pages without members have it. */
  readonly homeQuestion: object | undefined;
};

/** Looks at the home page: what can be played there, each once, in the order of the page. `undefined` when it did not come. */
export async function browse(needs: BrowseNeeds, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const { apiOrigin, bearer, homeQuestion } = needs;
  const answer = await ask(needs, {
    door: 'catalogue',
    url: homeQuestion === undefined ? `${apiOrigin}/bioscope.catalog.v1.CatalogService/ListTitles` : `${apiOrigin}/graphql`,
    body: homeQuestion ?? { kinds: ['TITLE_KIND_MOVIE', 'TITLE_KIND_EPISODE'] },
    bearer,
    signal,
  });
  if (answer.kind !== 'answered') return undefined;
  const page = readJson(answer.sent.body);
  return [...new Set(homeQuestion === undefined ? playableTitles(page) : playableCards(page))];
}

function playableTitles(page: object | undefined): readonly string[] {
  const { titles = [] } = (page ?? {}) as { titles?: readonly { id?: string; state?: string }[] };
  return titles.flatMap(({ id, state }) => (id !== undefined && state === 'TITLE_STATE_PLAYABLE' ? [id] : []));
}

type SentCard = { readonly playId?: string | null } | null;
type SentHome = {
  readonly data?: {
    readonly home?: { readonly billboard?: SentCard; readonly rows?: readonly { readonly cards?: readonly SentCard[] }[] } | null;
  } | null;
};

function playableCards(page: object | undefined): readonly string[] {
  const home = ((page ?? {}) as SentHome).data?.home;
  const cards = [home?.billboard ?? null, ...(home?.rows ?? []).flatMap((row) => row.cards ?? [])];
  return cards.flatMap((card) => (typeof card?.playId === 'string' && card.playId !== '' ? [card.playId] : []));
}
