import path from 'node:path';
import type { BlobStore } from '../port.ts';
import { makeFolder } from '../durable.ts';
import { onDisk } from '../disk-faults.ts';
import { multipartIn, sweepUploads } from './multipart.ts';
import { copyLocally, deleteObject, getObject, headObject, listObjects, putObject } from './objects.ts';
import { presign } from './presign.ts';
import { openTemporary } from '../temporary.ts';

export type FileBlobsOptions = {
  /** Made when it is not there. Its file system must tell upper case from lower case. */
  readonly folder: string;
  /** Signs presigned URLs; at least 32 bytes or characters. */
  readonly secret: Uint8Array | string;
  /** Uploads in parts that were not touched for this long are removed at the next open. Default seven days. */
  readonly multipartKeptMs?: number;
  readonly nowMs?: () => number;
};

const DAY_MS = 86_400_000;

/**
 * Objects as files in one folder. Written beside, synced, then renamed: seen whole or not at all, durable when the promise resolves.
 * Several processes of one machine may open the same folder. Half-written files of dead processes are removed here.
 */
export async function openFileBlobs({
  folder,
  secret,
  multipartKeptMs = 7 * DAY_MS,
  nowMs = Date.now,
}: FileBlobsOptions): Promise<BlobStore> {
  if (secret.length < 32) throw new TypeError(`The secret for presigned URLs has the length ${secret.length}; at least 32 is needed`);
  const [objects, uploads] = [path.join(folder, 'objects'), path.join(folder, 'uploads')];
  const temporary = await onDisk(`Opening the blob folder ${folder}`, async () => {
    await makeFolder(objects);
    await makeFolder(uploads);
    await sweepUploads(uploads, nowMs() - multipartKeptMs);
    return openTemporary(path.join(folder, 'temporary'));
  });
  const place = { folder: objects, newTemporary: () => temporary.newPath() };
  const put = putObject(place);
  return {
    put,
    get: getObject(place),
    head: headObject(place),
    delete: deleteObject(place),
    list: listObjects(place),
    ...multipartIn(uploads, place, put),
    presign: async (grant) => presign(secret, grant, nowMs()),
    localCopy: copyLocally(place),
  };
}
