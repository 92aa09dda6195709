import { CallError } from '../api/call-error.ts';
import { post, type PostNeeds, type PostOptions } from '../api/post.ts';
import type { Operation } from './operation.ts';

export type AskOptions = PostOptions & {
  /** What is known is enough: fields of services that are down are null, as long as there is anything at all. Else the whole question fails. */
  readonly partly?: boolean;
};

/** Asks the graph. May be sent twice: what changes something carries a `commandId`. Rejects with `CallError`, or the signal's reason. */
export type Ask = <Data, Variables extends object>(
  operation: Operation<Data, Variables>,
  variables: Variables,
  options?: AskOptions,
) => Promise<Data>;

export type AskNeeds = PostNeeds & {
  /** Where the graph answers. */
  readonly url: string;
  /** The language that is spoken now, for names and synopses. */
  readonly language: () => string;
};

export function createAsk(needs: AskNeeds): Ask {
  return async (operation, variables, options = {}) => {
    const { documentId } = operation;
    const body = JSON.stringify({ documentId, variables });
    const headers = { 'accept-language': needs.language() };
    const answer = await post(needs, { name: 'the graph', url: needs.url, body, headers }, options);
    return dataOf(answer, options.partly ?? false) as ReturnType<NonNullable<typeof operation.of>>;
  };
}

/** The types of answers are those of the documents: the graph checked the document, and nulls what it does not have. */
function dataOf(answer: unknown, partly: boolean): unknown {
  if (typeof answer !== 'object' || answer === null) throw new CallError('the graph answered no object', { failure: 'broken' });
  const { data, errors } = answer as { data?: unknown; errors?: readonly { message?: string; extensions?: { code?: string } }[] };
  const [error] = errors ?? [];
  if (typeof data === 'object' && data !== null && (error === undefined || (partly && Object.values(data).some((field) => field !== null))))
    return data;
  const code = error?.extensions?.code ?? '';
  throw new CallError(error?.message ?? 'the graph answered without data', { failure: FAILURES[code] ?? 'broken', code });
}

/** Codes of the graph that time may mend. */
const FAILURES: Readonly<Record<string, 'slow' | 'busy'>> = {
  GRAPH_UNAVAILABLE: 'busy',
  SERVICE_UNAVAILABLE: 'busy',
  SERVICE_BUSY: 'busy',
  SERVICE_TOO_SLOW: 'slow',
  DEADLINE_EXCEEDED: 'slow',
};
