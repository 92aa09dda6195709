import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type { SearchRequest, SearchResponseSchema } from '../../contract/index.ts';
import { filmography } from '../domain/filmography.ts';
import { viewing } from '../viewing.ts';
import { cardView } from './card-view.ts';
import type { HomeParts } from './context.ts';

const TITLES = 20;
const TITLES_MAX = 50;
const PEOPLE_MAX = 10;

export async function search(
  parts: HomeParts,
  request: SearchRequest,
  passport: Passport,
  within: RequestContext,
): Promise<MessageInitShape<typeof SearchResponseSchema>> {
  if (request.titlesMax > TITLES_MAX)
    throw new RpcError('invalid_argument', `titles_max is ${request.titlesMax}; at most ${TITLES_MAX} are told`);
  const view = await viewing(parts, passport, within);
  const visible = new Map(view.visible().map((show) => [show.id, show]));
  const works = filmography([...visible.values()]);
  const found = view.known.index.find(request.text, {
    showsMax: request.titlesMax === 0 ? TITLES : request.titlesMax,
    peopleMax: PEOPLE_MAX,
    maySee: (kind, id) => (kind === 'show' ? visible.has(id) : works.has(id)),
  });
  const shows = found.shows.map((id) => visible.get(id)).filter((show) => show !== undefined);
  return {
    cards: shows.map((show) => cardView(view.card(show))),
    people: found.people.map((id) => ({ personId: id, name: view.known.people.get(id)?.name ?? '', titleIds: [...(works.get(id) ?? [])] })),
  };
}
