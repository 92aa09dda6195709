import type { Passport } from '@bioscope/passport';

import type { GraphContext as ContextOf, LoadEntity } from '../../../src/index.ts';
import type { FilmRecord } from './film.ts';

export type GraphContext = ContextOf<Passport, { readonly film: LoadEntity<string, FilmRecord> }>;
