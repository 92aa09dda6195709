import type { ReplyError } from '../domain/errors.ts';
import type { ResponsePath } from '../domain/paths.ts';
import type { SubgraphError } from './run.ts';

/** A service's error at its place in the whole reply. */
export function passOn(error: SubgraphError, service: string, path: ResponsePath): ReplyError {
  const code = typeof error.extensions['code'] === 'string' ? error.extensions['code'] : 'SERVICE_ERROR';
  return { message: error.message, ...(path.length === 0 ? {} : { path }), extensions: { ...error.extensions, code, service } };
}
