import type { IncomingMessage } from 'node:http';
import type { HttpHandler } from '@bioscope/rpc';
import { answerWeb } from './answer.ts';
import type { WebFiles } from './files.ts';

/** The files of a built app; chosen for each request where its pages differ, by language for example. */
export type FilesOf = (request: Pick<IncomingMessage, 'headers'>) => WebFiles | Promise<WebFiles>;

/** A mount that answers `GET` and `HEAD` with the files of a built app. */
export function serveWebApp(files: WebFiles | FilesOf): HttpHandler {
  return async (request, response, { path }) => {
    const answer = answerWeb(typeof files === 'function' ? await files(request) : files, {
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
