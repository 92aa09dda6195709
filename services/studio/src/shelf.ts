import type { Loaded } from './store.ts';

/** Every work by id, as far as this process has followed the streams. */
export type Shelf = ReadonlyMap<string, Loaded>;
