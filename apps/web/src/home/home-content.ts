import { cardsOf, type Card, type CardTitle, type SentCard } from '../cards/card.ts';

export type BillboardTitle = CardTitle & { readonly synopsis: string; readonly synopsisShort: string };

/** What the graph answers to `home.graphql`. */
export type SentHome = {
  readonly home: {
    readonly billboard: SentCard<BillboardTitle> | null;
    readonly rows: readonly {
      readonly id: string;
      readonly kind: RowKind;
      readonly about: { readonly id: string; readonly name: string } | null;
      readonly genre: string | null;
      readonly cards: readonly SentCard[];
    }[];
  } | null;
};

export type RowKind = 'CONTINUE' | 'LIST' | 'NEW' | 'POPULAR' | 'BECAUSE' | 'GENRE';

export type HomeRow = {
  readonly id: string;
  readonly name: RowName;
  readonly cards: readonly Card[];
};

export type RowName =
  | { readonly kind: 'continue' | 'list' | 'new' | 'popular' }
  | { readonly kind: 'because'; readonly title: string }
  | { readonly kind: 'genre'; readonly genre: string };

export type HomeContent = { readonly billboard: Card<BillboardTitle> | undefined; readonly rows: readonly HomeRow[] };

/** Rows without a card to show, or without what they are about, are left out. */
export function readHome({ home }: SentHome): HomeContent {
  if (home === null) return { billboard: undefined, rows: [] };
  const rows = home.rows.flatMap(({ id, kind, about, genre, cards }) => {
    const name = rowName(kind, about?.name ?? '', genre ?? '');
    const shown = cardsOf(cards);
    return name === undefined || shown.length === 0 ? [] : [{ id, name, cards: shown }];
  });
  const [billboard] = home.billboard === null ? [] : cardsOf([home.billboard]);
  return { billboard, rows };
}

function rowName(kind: RowKind, about: string, genre: string): RowName | undefined {
  switch (kind) {
    case 'CONTINUE':
      return { kind: 'continue' };
    case 'LIST':
      return { kind: 'list' };
    case 'NEW':
      return { kind: 'new' };
    case 'POPULAR':
      return { kind: 'popular' };
    case 'BECAUSE':
      return about === '' ? undefined : { kind: 'because', title: about };
    case 'GENRE':
      return genre === '' ? undefined : { kind: 'genre', genre };
    default:
      // Of a newer release.
      kind satisfies never;
      return undefined;
  }
}
