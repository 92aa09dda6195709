/** What is shown of a search. While the next answer is on its way the last one stays. */
export type SearchView<Found> = {
  readonly query: string;
  readonly found: { readonly query: string; readonly value: Found } | undefined;
  readonly state: 'idle' | 'searching' | 'done' | 'failed';
};

export type SearcherNeeds<Found> = {
  readonly ask: (query: string, signal: AbortSignal) => Promise<Found>;
  /** Runs it after so many milliseconds, unless the returned function is called before. */
  readonly later: (ms: number, run: () => void) => () => void;
  readonly changed: (view: SearchView<Found>) => void;
};

export type Searcher = {
  /** After every key; asks when the typing rests. */
  type(query: string): void;
  /** Asks now. */
  again(): void;
  /** Lets go of everything; may be typed into again. */
  close(): void;
};

/** Between two keys of somebody who types in one go; more would be felt as slowness. */
export const TYPING_RESTS_MS = 140;

/** Searches while somebody types: one question at a time, the newest; an answer that was overtaken is never shown. */
export function createSearcher<Found>({ ask, later, changed }: SearcherNeeds<Found>): Searcher {
  const nothing: SearchView<Found> = { query: '', found: undefined, state: 'idle' };
  let view = nothing;
  let running: AbortController | undefined;
  let notYet: (() => void) | undefined;

  const show = (next: Partial<SearchView<Found>>): void => {
    view = { ...view, ...next };
    changed(view);
  };
  const stop = (): void => {
    notYet?.();
    running?.abort();
    notYet = undefined;
    running = undefined;
  };
  const search = async (query: string): Promise<void> => {
    const own = new AbortController();
    running = own;
    try {
      const value = await ask(query, own.signal);
      if (!own.signal.aborted) show({ found: { query, value }, state: 'done' });
    } catch {
      if (!own.signal.aborted) show({ state: 'failed' });
    }
  };

  return {
    type(text) {
      const query = text.trim();
      if (query === view.query && view.state !== 'failed') return;
      stop();
      if (query === '') {
        show({ query, found: undefined, state: 'idle' });
        return;
      }
      show({ query, state: 'searching' });
      notYet = later(TYPING_RESTS_MS, () => void search(query));
    },
    again() {
      if (view.query === '') return;
      stop();
      show({ state: 'searching' });
      void search(view.query);
    },
    close() {
      stop();
      view = nothing;
    },
  };
}
