import { create, toJsonString } from '@bufbuild/protobuf';
import { checkKey } from '@bioscope/blob';
import type { BlobInfo, BlobStore } from '@bioscope/blob';
import { closeUnread } from '@bioscope/blob/engine';
import type { CallOptions, Rpc } from '@bioscope/rpc';
import { BlobService, CompleteUploadSchema } from '../../contract/index.ts';
import type { BlobInfo as InfoMessage } from '../../contract/index.ts';
import { bodiesThrough } from './blob-bodies.ts';
import { createPatience } from './patience.ts';
import { remoteCopies } from './remote-copies.ts';

export type RemoteBlobsOptions = {
  /** Bound to the unit that calls. */
  readonly rpc: Rpc;
  /** For local copies; of this machine, best on the file system of the store, where a copy is a link and costs nothing. Made when it is not there. */
  readonly folder: string;
};

/** Kept beside the port so that the rest of a call's time is left for its answer. */
const DEADLINE_MS = 30_000;

/**
 * The objects that the unit `storage` holds. Bodies are streamed both ways; a call that carries one is not sent again by itself. Other calls are, while the storage is
 * away, for 30 s. Rejects with `BlobFault`.
 */
export async function remoteBlobs({ rpc, folder }: RemoteBlobsOptions): Promise<BlobStore> {
  const client = rpc.client(BlobService);
  const patience = createPatience(DEADLINE_MS);
  const bodies = bodiesThrough(rpc, patience);
  const asking = <T>(call: (how: CallOptions) => Promise<T>): Promise<T> =>
    patience.with({ repeatable: true }, (deadlineMs) => call({ deadlineMs }));

  const lookUp = async (key: string): Promise<BlobInfo | null> => {
    checkKey(key);
    const { info } = await asking((how) => client.head({ key }, how));
    return info === undefined ? null : infoFrom(info);
  };
  const lend = async (key: string): Promise<string | null> => {
    checkKey(key);
    return (await asking((how) => client.lend({ key }, how))).path || null;
  };
  const localCopy = await remoteCopies({ folder, lend, head: lookUp, get: bodies.get });

  return {
    async put(key, body, options = {}) {
      try {
        // Asked first, so that a film that is there already is not sent only to be refused.
        const isTaken = options.ifAbsent === true ? (await lookUp(key)) !== null : checkKey(key);
        if (!isTaken) return await bodies.put(key, body, options);
      } catch (error) {
        closeUnread(body);
        throw error;
      }
      closeUnread(body);
      return { kind: 'exists' };
    },
    async get(key, options = {}) {
      checkKey(key);
      return bodies.get(key, options);
    },
    head: lookUp,
    async delete(key) {
      checkKey(key);
      await asking((how) => client.delete({ key }, how));
    },
    async list({ prefix, cursor, keysMax }) {
      const request = { prefix, ...(cursor === undefined ? {} : { cursor }), ...(keysMax === undefined ? {} : { keysMax }) };
      const found = await asking((how) => client.list(request, how));
      return { objects: found.objects.map(infoFrom), cursor: found.cursor ?? null };
    },
    async startMultipart(key) {
      checkKey(key);
      // Sent twice it would leave an upload behind.
      const { uploadId } = await patience.with({ repeatable: false }, (deadlineMs) => client.startUpload({ key }, { deadlineMs }));
      return { uploadId };
    },
    putPart: (request) => bodies.putPart(request),
    async listParts(upload) {
      const { parts } = await asking((how) => client.listParts(upload, how));
      return parts.map(({ part, etag, bytes }) => ({ part, etag, bytes }));
    },
    async completeMultipart({ key, uploadId, parts }) {
      const named = parts.map(({ part, etag }) => ({ part, etag }));
      return bodies.complete(toJsonString(CompleteUploadSchema, create(CompleteUploadSchema, { upload: { key, uploadId }, parts: named })));
    },
    async abortMultipart(upload) {
      await asking((how) => client.abortUpload(upload, how));
    },
    async presign(grant) {
      return (await asking((how) => client.presign(grant, how))).url;
    },
    localCopy,
  };
}

function infoFrom({ key, bytes, etag, modifiedAtMs }: InfoMessage): BlobInfo {
  return { key, bytes, etag, modifiedAtMs };
}
