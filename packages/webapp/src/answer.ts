import { ENCODINGS, type Encoding, type WebBody, type WebFile, type WebFiles } from './files.ts';

export type WebRequest = { readonly method: string; readonly path: string; readonly acceptEncoding: string; readonly ifNoneMatch: string };
export type WebAnswer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly bytes: Buffer };

const NOTHING = Buffer.alloc(0);

/** What the web app's server answers. Pages of the app are all index.html; what looks like a file and is none is a 404. */
export function answerWeb(files: WebFiles, request: WebRequest): WebAnswer {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return plain(405, 'Only GET and HEAD are answered here.', { allow: 'GET, HEAD' });
  const file = files.get(request.path) ?? (looksLikeFile(request.path) ? undefined : files.get('/index.html'));
  if (file === undefined) return plain(404, 'There is no such file.', {});
  const encoding = chooseEncoding(file, request.acceptEncoding);
  const body = (encoding === undefined ? undefined : file.compressed.get(encoding)) ?? file.identity;
  const headers = headersOf(file, body, encoding);
  if (matches(request.ifNoneMatch, body.etag)) return { status: 304, headers, bytes: NOTHING };
  return {
    status: 200,
    headers: { ...headers, 'content-type': file.type, 'content-length': String(body.bytes.length) },
    bytes: request.method === 'HEAD' ? NOTHING : body.bytes,
  };
}

function headersOf(file: WebFile, body: WebBody, encoding: Encoding | undefined): Record<string, string> {
  return {
    etag: body.etag,
    // index.html names the current assets: it must be asked for anew, and costs a 304.
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...varyOf(file),
    ...(file.language === undefined ? {} : { 'content-language': file.language }),
    ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
  };
}

function varyOf({ compressed, language }: WebFile): Record<string, string> {
  const by = [...(compressed.size > 0 ? ['accept-encoding'] : []), ...(language === undefined ? [] : ['accept-language'])];
  return by.length === 0 ? {} : { vary: by.join(', ') };
}

function plain(status: number, text: string, headers: Record<string, string>): WebAnswer {
  const bytes = Buffer.from(`${text}\n`);
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'text/plain; charset=utf-8',
      'content-length': String(bytes.length),
      'cache-control': 'no-store',
    },
    bytes,
  };
}

/** The last part has an extension. Routes of the app have none. */
function looksLikeFile(path: string): boolean {
  return /\.[A-Za-z0-9]+$/.test(path);
}

/** The first of our encodings that the client takes (RFC 9110, 12.5.3); a weight of zero is a refusal. */
function chooseEncoding(file: WebFile, acceptEncoding: string): Encoding | undefined {
  const accepted = new Map(
    acceptEncoding.split(',').map((part) => {
      const [name = '', ...parameters] = part.trim().toLowerCase().split(';');
      const refused = parameters.some((parameter) => /^\s*q=0(?:\.0{0,3})?\s*$/.test(parameter));
      return [name.trim(), !refused] as const;
    }),
  );
  return ENCODINGS.find((encoding) => file.compressed.has(encoding) && (accepted.get(encoding) ?? accepted.get('*') ?? false));
}

function matches(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag || candidate.trim() === '*');
}
