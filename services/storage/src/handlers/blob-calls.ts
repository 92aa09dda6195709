import { BlobFault } from '@bioscope/blob';
import type { BlobStore } from '@bioscope/blob';
import type { Handlers } from '@bioscope/rpc';
import type { BlobService } from '../../contract/index.ts';
import { asRpcError } from '../domain/faults.ts';
import type { Lendings } from '../lendings.ts';

/** Everything about objects but their bytes. */
export function blobCalls({ blob, lendings }: { blob: BlobStore; lendings: Lendings }): Handlers<typeof BlobService> {
  return {
    head: ({ key }) =>
      faulting(async () => {
        const info = await blob.head(key);
        return info === null ? {} : { info };
      }),
    delete: ({ key }) =>
      faulting(async () => {
        await blob.delete(key);
        return {};
      }),
    list: ({ prefix, cursor, keysMax }) =>
      faulting(async () => {
        const found = await blob.list({
          prefix,
          ...(cursor === undefined ? {} : { cursor }),
          ...(keysMax === undefined ? {} : { keysMax }),
        });
        return { objects: [...found.objects], ...(found.cursor === null ? {} : { cursor: found.cursor }) };
      }),
    startUpload: ({ key }) => faulting(() => blob.startMultipart(key)),
    listParts: ({ key, uploadId }) => faulting(async () => ({ parts: [...(await blob.listParts({ key, uploadId }))] })),
    abortUpload: ({ key, uploadId }) =>
      faulting(async () => {
        await blob.abortMultipart({ key, uploadId });
        return {};
      }),
    presign: ({ key, method, expiresAtMs }) =>
      faulting(async () => {
        if (method !== 'GET' && method !== 'PUT')
          throw new BlobFault('BLOB_RANGE', `method is GET or PUT, not ${JSON.stringify(method.slice(0, 20))}`);
        return { url: await blob.presign({ key, method, expiresAtMs }) };
      }),
    lend: ({ key }) => faulting(async () => ({ path: (await lendings.lend(key)) ?? '' })),
  };
}

async function faulting<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asRpcError(error);
  }
}
