import type { HttpHandler } from '@bioscope/rpc';
import { answerWeb } from './answer.ts';
import type { WebFiles } from './files.ts';

/** A mount that answers `GET` and `HEAD` with the files of a built app. */
export function serveWebApp(files: WebFiles): HttpHandler {
  return (request, response, { path }) => {
    const answer = answerWeb(files, {
      method: request.method ?? 'GET',
      path,
      acceptEncoding: headerOf(request.headers['accept-encoding']),
      ifNoneMatch: headerOf(request.headers['if-none-match']),
    });
    response.writeHead(answer.status, answer.headers).end(answer.bytes);
  };
}

function headerOf(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(',') : (value ?? '');
}
