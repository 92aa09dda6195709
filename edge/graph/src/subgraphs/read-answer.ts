import { isData } from '../domain/data.ts';
import type { SubgraphAnswer, SubgraphError } from '../execute/run.ts';

/** What a service answered, or that it is no answer. A service that refuses the caller's passport says so with a status. */
export function readAnswer(service: string, status: number, body: Buffer): SubgraphAnswer {
  if (status === 401) return { kind: 'failed', code: 'UNAUTHENTICATED', message: `${service} wants to know who asks` };
  if (status === 503 || status === 429) return { kind: 'failed', code: 'SERVICE_UNAVAILABLE', message: `${service} cannot answer now` };
  const answer = status === 200 ? parse(body) : undefined;
  if (!isData(answer)) return wrong(service, `with status ${status} and no JSON object`);
  const data = answer['data'] ?? null;
  const errors = answer['errors'] ?? [];
  if ((data !== null && !isData(data)) || !Array.isArray(errors)) return wrong(service, 'with something that is no GraphQL result');
  if (data === null && errors.length === 0) return wrong(service, 'with neither data nor errors');
  return { kind: 'answer', data, errors: errors.map(readError) };
}

function wrong(service: string, how: string): SubgraphAnswer {
  return { kind: 'failed', code: 'SERVICE_ANSWERED_WRONGLY', message: `${service} answered ${how}` };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function readError(error: unknown): SubgraphError {
  const fields = isData(error) ? error : {};
  const { message, path, extensions } = fields;
  return {
    message: typeof message === 'string' ? message : 'an error without words',
    path: Array.isArray(path) && path.every((key) => typeof key === 'string' || typeof key === 'number') ? path : undefined,
    extensions: isData(extensions) ? extensions : {},
  };
}
