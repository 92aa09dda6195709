import { Buffer } from 'node:buffer';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { chunksUntilAborted, closeUnread } from '../body-chunks.ts';
import { checkKey } from '../key.ts';
import { checkPartNotOver, checkPartNumber, sizeOfNamed } from '../parts.ts';
import type { StoredPart } from '../parts.ts';
import { BlobFault } from '../port.ts';
import type { BlobBody, BlobStore } from '../port.ts';
import { answerOf, asFault, present } from './faults.ts';
import { PARTS_PAGES_MAX } from './limits.ts';
import { untilJoined } from './joined.ts';
import { bareEtag, look } from './lookup.ts';
import type { S3Place } from './lookup.ts';

type Multipart = Pick<BlobStore, 'startMultipart' | 'putPart' | 'listParts' | 'completeMultipart' | 'abortMultipart'>;
type UploadName = { readonly key: string; readonly uploadId: string };

export function multipartIn(place: S3Place): Multipart {
  const { bucket, names } = place;
  const target = ({ key, uploadId }: UploadName) => ({ ...objectOf(key), UploadId: checkUploadId(key, uploadId) });
  const objectOf = (key: string) => {
    checkKey(key);
    return { Bucket: bucket.name, Key: names.nameOf(key) };
  };

  const listParts = async (name: UploadName): Promise<StoredPart[]> => {
    const what = `Listing the parts of ${name.key}`;
    const upload = target(name);
    const parts: StoredPart[] = [];
    let marker: string | undefined;
    for (let page = 0; page < PARTS_PAGES_MAX; page += 1) {
      const command = new ListPartsCommand({ ...upload, ...(marker === undefined ? {} : { PartNumberMarker: marker }) });
      const answer = await bucket.call(what, (limits) => bucket.client.send(command, limits));
      for (const { PartNumber: part, ETag: etag, Size: bytes } of answer.Parts ?? []) {
        parts.push({ part: present(what, part), etag: bareEtag(present(what, etag)), bytes: present(what, bytes) });
      }
      if (!present(what, answer.IsTruncated)) return parts;
      marker = present(what, answer.NextPartNumberMarker);
    }
    return parts;
  };

  return {
    async startMultipart(key) {
      const what = `Starting the upload of ${key}`;
      const object = objectOf(key);
      const { UploadId } = await bucket.call(what, (limits) => bucket.client.send(new CreateMultipartUploadCommand(object), limits));
      return { uploadId: present(what, UploadId) };
    },

    async putPart({ part, body, ...name }) {
      using _closed = { [Symbol.dispose]: () => closeUnread(body) };
      const what = `Storing part ${part} of ${name.key}`;
      checkPartNumber(part);
      const upload = target(name);
      // S3 must be told the length before the first byte.
      const bytes = await collect(body);
      const command = new UploadPartCommand({ ...upload, PartNumber: part, Body: bytes, ContentLength: bytes.length });
      const { ETag } = await bucket.call(what, (limits) => bucket.client.send(command, limits), { kind: 'piece' });
      return { etag: bareEtag(present(what, ETag)), bytes: bytes.length };
    },

    listParts,

    async completeMultipart({ parts, ...name }) {
      const what = `Completing the upload of ${name.key}`;
      const upload = target(name);
      // Servers differ in what they complain of first; the port does not.
      const bytes = sizeOfNamed(parts, await listParts(name));
      const before = (await look(place, name.key))?.info;
      const Parts = parts.map(({ part, etag }) => ({ PartNumber: part, ETag: `"${etag}"` }));
      const command = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } });
      let answered: string;
      try {
        const { ETag } = await bucket.run((limits) => bucket.client.send(command, limits), { kind: 'join' });
        answered = bareEtag(present(what, ETag));
      } catch (error) {
        // Sent again, or completed, between the list and the joining.
        if (answerOf(error).name === 'InvalidPart')
          throw new BlobFault('BLOB_CHECKSUM', `${what}: a part has another etag now.`, { cause: error });
        throw asFault(what, error);
      }
      // Another call, or an earlier try of this one, may have begun to join these parts: the answer tells too little.
      return untilJoined(what, bucket.deadlines.joinMs, async () => {
        const found = (await look(place, name.key))?.info;
        if (found?.bytes !== bytes) return null;
        const isNew = found.etag !== before?.etag || found.modifiedAtMs !== before.modifiedAtMs;
        return isNew || found.etag === answered ? { etag: found.etag, bytes } : null;
      });
    },

    async abortMultipart(name) {
      const upload = target(name);
      await bucket.call(`Aborting the upload of ${name.key}`, (limits) =>
        bucket.client.send(new AbortMultipartUploadCommand(upload), limits),
      );
    },
  };
}

/** Ids are the server's own; what could be a path must not reach one that keeps uploads as folders. */
function checkUploadId(key: string, uploadId: string): string {
  if (/^[A-Za-z0-9._~+=-]{1,1024}$/.test(uploadId) && !uploadId.includes('..')) return uploadId;
  throw new BlobFault('BLOB_UNKNOWN_UPLOAD', `There is no upload ${JSON.stringify(uploadId.slice(0, 64))} of ${key}.`);
}

async function collect(body: BlobBody): Promise<Buffer> {
  if (body instanceof Uint8Array) {
    checkPartNotOver(body.byteLength);
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }
  const held: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksUntilAborted(body)) {
    bytes += chunk.byteLength;
    checkPartNotOver(bytes);
    held.push(chunk);
  }
  return Buffer.concat(held);
}
