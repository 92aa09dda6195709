import type { Data } from '../domain/data.ts';
import type { ReplyError } from '../domain/errors.ts';

/** One request to a domain service. `body` is the JSON text of a GraphQL request. */
export type SubgraphRequest = { readonly service: string; readonly body: string; readonly isSafe: boolean };
export type SubgraphError = {
  readonly message: string;
  readonly path: readonly (string | number)[] | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
};
/** Never rejects: a service that is down is an answer too. */
export type SubgraphAnswer =
  | { readonly kind: 'answer'; readonly data: Data | null; readonly errors: readonly SubgraphError[] }
  | { readonly kind: 'failed'; readonly code: SubgraphFailure; readonly message: string };
export type SubgraphFailure = 'SERVICE_UNAVAILABLE' | 'SERVICE_TOO_SLOW' | 'SERVICE_BUSY' | 'SERVICE_ANSWERED_WRONGLY' | 'UNAUTHENTICATED';
export type AskSubgraph = (request: SubgraphRequest) => Promise<SubgraphAnswer>;

/** One execution of a plan. */
export type Run = {
  readonly data: Data;
  readonly errors: ReplyError[];
  /** Objects of the data of which a service that was asked said that there is no such entity. */
  readonly gone: WeakSet<Data>;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly ask: AskSubgraph;
};
export type Step = (run: Run) => Promise<void>;
