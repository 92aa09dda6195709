import type { HttpHandler } from '@bioscope/rpc';

import { isBundle, isLanguageTag } from '../../contract/index.ts';
import type { Library, Volume } from '../library.ts';

/** What is answered to a request for texts; apart from the sending, so that it can be looked at. */
export type TextsAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Buffer };

/**
 * `/strings/<bundle>/<language>`: the texts as they are now, to be asked for anew, which costs a 304. `/strings/<bundle>/<language>/<version>`: these very
 * texts, to be kept for ever; a version that is gone leads to the newest.
 */
export function answerTexts(library: Library, { path, ifNoneMatch }: { path: string; ifNoneMatch: string }): TextsAnswer {
  const [bundle = '', language = '', version, ...more] = path.split('/').slice(2);
  if (!isBundle(bundle) || !isLanguageTag(language) || more.length > 0) return plain(404, 'There are no such texts.');
  const volume = library.find(bundle, [language]);
  if (version !== undefined && version !== volume.version)
    return {
      ...plain(302, 'These texts have changed.'),
      headers: { location: `/strings/${bundle}/${language}`, 'cache-control': 'no-store' },
    };
  const headers = headersOf(volume, version !== undefined);
  if (ifNoneMatch.split(',').some((each) => each.trim().replace(/^W\//, '') === headers['etag']))
    return { status: 304, headers, body: Buffer.alloc(0) };
  return { status: 200, headers: { ...headers, 'content-type': 'application/json; charset=utf-8' }, body: volume.json };
}

function headersOf({ version, language }: Volume, isForEver: boolean): Record<string, string> {
  return {
    etag: `"${version}"`,
    'content-language': language,
    'cache-control': isForEver ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}

function plain(status: number, text: string): TextsAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }, body: Buffer.from(`${text}\n`) };
}

export function serveTexts(library: Library): HttpHandler {
  return (request, response, { path }) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const { status, headers, body } = isRead
      ? answerTexts(library, { path: path.split('?')[0] ?? '', ifNoneMatch: request.headers['if-none-match'] ?? '' })
      : { ...plain(405, 'Only GET and HEAD are answered here.'), headers: { allow: 'GET, HEAD' } };
    response
      .writeHead(status, { ...headers, ...(status === 304 ? {} : { 'content-length': String(body.length) }) })
      .end(request.method === 'HEAD' ? undefined : body);
  };
}
