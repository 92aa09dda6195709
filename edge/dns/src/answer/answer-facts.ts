/** What is known of an answer beside its bytes. One object is used for answer after answer. */
export type AnswerFacts = {
  rcode: number;
  isAuthoritative: boolean;
  answers: number;
  authorities: number;
  additionals: number;
  /** Where the additional section begins: what is behind may be left out when there is no room; 0 while answer and authority are not complete. */
  additionalAt: number;
  /** RFC 7871: for which prefix of the client's address this holds. */
  scopePrefix: number;
  /** RFC 8914 info code, -1 = none. */
  extendedError: number;
  /** Of the name that answered (a wildcard's own, not the asked one), so that limits see one flood where many names are asked. */
  ownerHash: number;
  /** Who asks has shown a cookie that we gave to its address: it is no forged sender. */
  hasValidCookie: boolean;
};

export function createAnswerFacts(): AnswerFacts {
  return {
    rcode: 0,
    isAuthoritative: false,
    answers: 0,
    authorities: 0,
    additionals: 0,
    additionalAt: 0,
    scopePrefix: 0,
    extendedError: -1,
    ownerHash: 0,
    hasValidCookie: false,
  };
}

export function clearFacts(facts: AnswerFacts, rcode: number): void {
  facts.rcode = rcode;
  facts.isAuthoritative = false;
  facts.answers = 0;
  facts.authorities = 0;
  facts.additionals = 0;
  facts.additionalAt = 0;
  facts.scopePrefix = 0;
  facts.extendedError = -1;
  facts.ownerHash = 0;
  facts.hasValidCookie = false;
}
