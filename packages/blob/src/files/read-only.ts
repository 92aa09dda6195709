import path from 'node:path';
import { BlobFault, type BlobStore } from '../port.ts';
import { copyLocally, getObject, headObject, listObjects, type ObjectFolder } from './objects.ts';

/** The objects in the folder of a store that may be in use by others: whatever would write there is refused, also the tidying that comes with opening it. */
export function readFileBlobs({ folder }: { folder: string }): BlobStore {
  const place: ObjectFolder = { folder: path.join(folder, 'objects'), newTemporary: () => refused() };
  const refuse = async (): Promise<never> => refused();
  return {
    get: getObject(place),
    head: headObject(place),
    list: listObjects(place),
    localCopy: copyLocally(place),
    put: refuse,
    delete: refuse,
    startMultipart: refuse,
    putPart: refuse,
    listParts: refuse,
    completeMultipart: refuse,
    abortMultipart: refuse,
    presign: refuse,
  };
}

function refused(): never {
  throw new BlobFault('BLOB_UNAVAILABLE', 'this store was opened for reading only');
}
