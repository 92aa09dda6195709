import { fromJsonString, toJsonString } from '@bufbuild/protobuf';
import { GetPictureResponseSchema } from '@bioscope/regions/contract';
import type { GetPictureResponse } from '@bioscope/regions/contract';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The last good picture on disk, so that a name server that starts while nobody can say anything still answers. */
export type KeptPicture = {
  /** Null when there is none, or none that can be read: then it is as if there were none. */
  load(): Promise<GetPictureResponse | null>;
  /** Whole or not at all. */
  save(picture: GetPictureResponse): Promise<void>;
};

/** `file` is rewritten with every change; its folder is made. */
export function keptPicture(file: string): KeptPicture {
  return {
    async load() {
      try {
        return fromJsonString(GetPictureResponseSchema, await readFile(file, 'utf8'), { ignoreUnknownFields: true });
      } catch {
        // Missing at the first start; half written only by a disk that broke. The regions unit says it again.
        return null;
      }
    },
    async save(picture) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.new`, toJsonString(GetPictureResponseSchema, picture));
      await rename(`${file}.new`, file);
    },
  };
}
