/**
 * Who moves the money. A charge has a key, chosen by us and written down before: under one key money moves once or never, however often it is asked
 * for. Rejections mean that the outcome is not known; `settle` finds it out.
 */
export type Processor = {
  /** A card that its browser form gave a token for. Null: there is none, or it belongs to another customer. */
  describe(token: string, customer: string): Promise<CardFacts | null>;
  /** Takes the money, or says why not. The signal aborts the waiting, not the charge. */
  charge(request: ChargeRequest, signal: AbortSignal): Promise<Outcome>;
  /**
   * What became of a key. When nothing did (or, with `giveUp`, when the bank still waits for the member) the key is closed: from then on it can never charge,
   * also when a request that is still under way arrives later.
   */
  settle(request: { readonly key: string; readonly giveUp: boolean }, signal: AbortSignal): Promise<Outcome>;
  /** Hints that something changed, possibly late, twice, or wrong: whoever hears one asks `settle`. One listener. */
  hear(listener: (hint: { readonly customer: string; readonly key: string }) => void): void;
};

export type ChargeRequest = {
  readonly key: string;
  readonly customer: string;
  readonly token: string;
  readonly amountMinor: number;
  readonly currency: string;
};
export type CardFacts = { readonly brand: string; readonly last4: string; readonly expiresMonth: number; readonly expiresYear: number };
export type Outcome =
  | { readonly kind: 'succeeded'; readonly reference: string }
  /** `because` is member-safe; `isHard`: the same card will not work later either. */
  | { readonly kind: 'declined'; readonly because: string; readonly isHard: boolean }
  /** The bank wants to hear from the member. */
  | { readonly kind: 'challenged'; readonly challengeId: string }
  /** Not charged, and never will be. */
  | { readonly kind: 'closed' };
