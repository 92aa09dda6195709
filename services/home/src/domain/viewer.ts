/** Whom a page is made for: all that decides what may be seen, and in which language. */
export type Viewer = {
  readonly profileId: string;
  /** Titles for older people are not shown. */
  readonly maturityCeiling: number;
  readonly isKids: boolean;
  /** ISO 3166-1 alpha-2; empty when not known. */
  readonly country: string;
  /** BCP 47; empty: the titles' own texts. */
  readonly language: string;
};

/** A kids' profile never sees what is for older people, whatever ceiling was set by mistake. */
const KIDS_CEILING = 12;

export function ceilingOf({ maturityCeiling, isKids }: Pick<Viewer, 'maturityCeiling' | 'isKids'>): number {
  return isKids ? Math.min(maturityCeiling, KIDS_CEILING) : maturityCeiling;
}
