import { BlobFault } from '@bioscope/blob';
import type { BlobStore } from '@bioscope/blob';
import type { Faults } from './faults.ts';
import { underStrike } from './under-strike.ts';
import type { StoreTrouble } from './under-strike.ts';

/** No call of this port states a deadline; silence must end somewhere. */
const DEADLINE_MS = 30_000;

/** Blob storage, slow, silent, down or full as the rules say. What was begun (a body being read) goes on. */
export function faultyBlobs(blobs: BlobStore, faults: Faults): BlobStore {
  const suffer = <T>(method: string, isWrite: boolean, run: () => Promise<T>): Promise<T> =>
    underStrike(faults, { callee: 'blob', caller: '', method, isWrite, deadlineMs: DEADLINE_MS, run, fault });
  return {
    put: (key, body, options) => suffer('put', true, () => blobs.put(key, body, options)),
    get: (key, options) => suffer('get', false, () => blobs.get(key, options)),
    head: (key) => suffer('head', false, () => blobs.head(key)),
    delete: (key) => suffer('delete', true, () => blobs.delete(key)),
    list: (request) => suffer('list', false, () => blobs.list(request)),
    startMultipart: (key) => suffer('startMultipart', true, () => blobs.startMultipart(key)),
    putPart: (request) => suffer('putPart', true, () => blobs.putPart(request)),
    listParts: (request) => suffer('listParts', false, () => blobs.listParts(request)),
    completeMultipart: (request) => suffer('completeMultipart', true, () => blobs.completeMultipart(request)),
    abortMultipart: (request) => suffer('abortMultipart', true, () => blobs.abortMultipart(request)),
    presign: (request) => blobs.presign(request),
    localCopy: (key) => suffer('localCopy', false, () => blobs.localCopy(key)),
  };
}

const CODES = { unavailable: 'BLOB_UNAVAILABLE', deadline: 'BLOB_UNAVAILABLE', full: 'BLOB_NO_SPACE' } as const;

function fault(trouble: StoreTrouble): BlobFault {
  return new BlobFault(CODES[trouble], 'a fault on purpose');
}
