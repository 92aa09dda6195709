/** What home has to know of a profile; told by identity. */
export type ProfileFacts = {
  readonly accountId: string;
  readonly maturityCeiling: number;
  readonly isKids: boolean;
  /** BCP 47. */
  readonly language: string;
};

/** Of a profile of which nothing is known: what everybody may see. */
export const FACTS_UNKNOWN: Omit<ProfileFacts, 'accountId'> = { maturityCeiling: 0, isKids: true, language: '' };
