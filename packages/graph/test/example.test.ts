import { join } from 'node:path';

import { entityLoader } from '../src/index.ts';
import { describeDomainGraph } from '../src/testing.ts';
import { FILMS, resolvers } from './example/src/graph.ts';

let reads = 0;

describeDomainGraph({
  unit: 'example',
  folder: join(import.meta.dirname, 'example'),
  resolvers,
  asker: 'somebody',
  loaders: () => ({
    film: entityLoader(async (ids: readonly string[]) => {
      reads += 1;
      return new Map(FILMS.filter(({ id }) => ids.includes(id)).map((film) => [film.id, film]));
    }),
  }),
  reads: () => reads,
  entities: { Film: { known: [{ id: 'f1' }, { id: 'f3' }, { id: 'f2' }], unknown: { id: 'none' } } },
});
