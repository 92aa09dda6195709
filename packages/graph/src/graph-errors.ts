import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';

import { RpcError } from '@bioscope/rpc';

/**
 * An error as the client may see it. A `GraphQLError` that a resolver threw passes as it is; an `RpcError` keeps message and code; of anything
 * else nothing is said but that it happened, and `onFault` hears of it.
 */
export function formatGraphError(error: GraphQLError, onFault: (fault: unknown) => void): GraphQLFormattedError {
  const cause = error.originalError;
  const place = error.path === undefined ? {} : { path: error.path };
  if (cause instanceof RpcError) return { message: cause.message, ...place, extensions: { code: cause.code.toUpperCase() } };
  if (cause === undefined || cause === null || cause instanceof GraphQLError)
    return { message: error.message, ...place, extensions: { code: 'GRAPH_REFUSED', ...error.extensions } };
  onFault(cause);
  return { message: 'this could not be answered because of a fault on our side', ...place, extensions: { code: 'INTERNAL' } };
}

/** What the product expects, said to the client: an error at the field that was asked for, with a code that apps can tell apart. */
export function graphRefusal(code: string, message: string, details: Readonly<Record<string, unknown>> = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { ...details, code } });
}
