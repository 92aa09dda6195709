import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError } from '@bioscope/rpc';

import type { GetTextsRequest, GetTextsResponseSchema, ListVersionsResponseSchema } from '../../contract/index.ts';
import type { Library } from '../library.ts';
import { requireBundle } from './requests.ts';

/** More than anybody speaks. */
const LANGUAGES_MAX = 20;

export function getTexts(library: Library, { bundle, languages }: GetTextsRequest): MessageInitShape<typeof GetTextsResponseSchema> {
  if (languages.length > LANGUAGES_MAX)
    throw new RpcError('invalid_argument', `languages has ${languages.length} entries; at most ${LANGUAGES_MAX} are read`);
  const { language, version, texts } = library.find(requireBundle(bundle), languages);
  return { language, version, texts };
}

export function listVersions(library: Library): MessageInitShape<typeof ListVersionsResponseSchema> {
  return { versions: library.all().map(({ bundle, language, version }) => ({ bundle, language, version })) };
}
