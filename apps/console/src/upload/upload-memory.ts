/** What makes two choices of a file the same one, as far as a browser tells. */
export type FileFacts = { readonly name: string; readonly size: number; readonly lastModified: number };
export type BegunUpload = FileFacts & { readonly uploadId: string };

/** Uploads that were begun in this browser and not imported yet, so that choosing the same file again goes on where it broke off. */
export type UploadMemory = {
  readonly find: (file: FileFacts) => string | undefined;
  readonly keep: (upload: BegunUpload) => void;
  readonly forget: (uploadId: string) => void;
  readonly all: () => readonly BegunUpload[];
};

const KEY = 'bioscope:uploads';
/** As many as the studio keeps; older ones have expired there. */
const KEPT_MAX = 50;

export function createUploadMemory(storage: Pick<Storage, 'getItem' | 'setItem'>): UploadMemory {
  const read = (): BegunUpload[] => {
    try {
      const value: unknown = JSON.parse(storage.getItem(KEY) ?? '[]');
      return Array.isArray(value) ? value.filter(isBegun) : [];
    } catch {
      // Somebody else wrote there, or storage is switched off: then nothing is remembered.
      return [];
    }
  };
  const write = (uploads: readonly BegunUpload[]): void => {
    try {
      storage.setItem(KEY, JSON.stringify(uploads.slice(-KEPT_MAX)));
    } catch {
      // Full or switched off: uploads work, and begin anew after a reload.
    }
  };
  return {
    find: (file) => read().findLast((begun) => isSame(begun, file))?.uploadId,
    keep: (upload) => write([...read().filter((begun) => !isSame(begun, upload)), upload]),
    forget: (uploadId) => write(read().filter((begun) => begun.uploadId !== uploadId)),
    all: read,
  };
}

function isSame(one: FileFacts, other: FileFacts): boolean {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}

function isBegun(value: unknown): value is BegunUpload {
  if (typeof value !== 'object' || value === null) return false;
  const { name, size, lastModified, uploadId } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof size === 'number' && typeof lastModified === 'number' && typeof uploadId === 'string';
}
