/** One way to decide, over requests that it has prepared for itself. */
export type Contender = {
  readonly name: string;
  /** How many requests of the list make one measured pass; slow ones take fewer. */
  readonly passRequests: number;
  /** Decides the first so many requests and says how many it allowed. */
  run(requests: number): number;
  /** Every decision of the first so many requests, to be compared with the others'. */
  decisions(requests: number): readonly boolean[];
};
