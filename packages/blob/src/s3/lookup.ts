import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { checkKey } from '../key.ts';
import type { BlobInfo, BlobStore } from '../port.ts';
import type { Bucket } from './bucket.ts';
import { answerOf, asFault, present } from './faults.ts';
import { KEYS_PER_PAGE_MAX, LOOKS_MAX } from './limits.ts';
import type { Names } from './names.ts';

export type S3Place = { readonly bucket: Bucket; readonly names: Names };
export type Looked = { readonly info: BlobInfo; readonly metadata: Readonly<Record<string, string>> };

export function headObject(place: S3Place): BlobStore['head'] {
  return async (key) => {
    checkKey(key);
    return (await look(place, key))?.info ?? null;
  };
}

/** What the server knows of an object; null when there is none. */
export async function look(place: S3Place, key: string, signal?: AbortSignal): Promise<Looked | null> {
  const what = `Looking up ${key}`;
  const { bucket } = place;
  const object = { Bucket: bucket.name, Key: place.names.nameOf(key) };
  for (let looks = 1; ; looks += 1) {
    try {
      const found = await bucket.run((limits) => bucket.client.send(new HeadObjectCommand(object), limits), { signal });
      return { info: infoOf(what, key, found), metadata: found.Metadata ?? {} };
    } catch (error) {
      signal?.throwIfAborted();
      if (answerOf(error).status !== 404 || looks > LOOKS_MAX) throw asFault(what, error);
    }
    if (await isSurelyMissing(place, key, signal)) return null;
  }
}

/** A HEAD has no body that would tell a missing object from a missing bucket or a proxy's own 404; an error is never taken for a miss. */
async function isSurelyMissing({ bucket, names }: S3Place, key: string, signal?: AbortSignal): Promise<boolean> {
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: names.nameOf(key), Range: 'bytes=0-0' });
  try {
    const { Body: body } = await bucket.run((limits) => bucket.client.send(command, limits), { signal });
    if (body instanceof Readable) body.destroy();
    return false;
  } catch (error) {
    signal?.throwIfAborted();
    const { status, name } = answerOf(error);
    if (name === 'NoSuchKey') return true;
    if (status === 416) return false;
    throw asFault(`Looking up ${key}`, error);
  }
}

export function infoOf(
  what: string,
  key: string,
  found: Pick<HeadObjectCommandOutput, 'ContentLength' | 'ETag' | 'LastModified'>,
): BlobInfo {
  return {
    key,
    bytes: present(what, found.ContentLength),
    etag: bareEtag(present(what, found.ETag)),
    modifiedAtMs: present(what, found.LastModified).getTime(),
  };
}

/** HTTP writes etags in quotes, the port without. */
export function bareEtag(etag: string): string {
  return etag.replace(/^"(.*)"$/, '$1');
}

export function deleteObject({ bucket, names }: S3Place): BlobStore['delete'] {
  return async (key) => {
    checkKey(key);
    await bucket.call(`Deleting ${key}`, (limits) =>
      bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: names.nameOf(key) }), limits),
    );
  };
}

/** The cursor is the last name of the page, also when that is of an object not ours: a page may be empty and still not be the last. */
export function listObjects({ bucket, names }: S3Place): BlobStore['list'] {
  return async ({ prefix, cursor, keysMax = KEYS_PER_PAGE_MAX }) => {
    const what = `Listing ${prefix}`;
    const page = await bucket.call(what, (limits) =>
      bucket.client.send(
        new ListObjectsV2Command({
          Bucket: bucket.name,
          Prefix: names.prefix + prefix,
          MaxKeys: Math.max(1, Math.min(keysMax, KEYS_PER_PAGE_MAX)),
          ...(cursor === undefined ? {} : { StartAfter: names.prefix + cursor }),
        }),
        limits,
      ),
    );
    const contents = page.Contents ?? [];
    const objects = contents.flatMap((each) => {
      const key = names.keyOf(present(what, each.Key));
      return key === null ? [] : [infoOf(what, key, { ...each, ContentLength: each.Size })];
    });
    const last = contents.at(-1)?.Key;
    const more = present(what, page.IsTruncated) && last !== undefined;
    return { objects, cursor: more ? last.slice(names.prefix.length) : null };
  };
}
