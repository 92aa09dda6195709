import { BlobFault } from './port.ts';

/** Runs one operation on the disk and says in the port's words what went wrong with it. */
export async function onDisk<T>(what: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    throw asFault(what, cause);
  }
}

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

export function asFault(what: string, cause: unknown): unknown {
  const code = errorCode(cause);
  if (cause instanceof BlobFault || code === null) return cause;
  if (NO_SPACE.has(code)) return new BlobFault('BLOB_NO_SPACE', `${what}: the disk is full or read-only (${code}).`, { cause });
  return new BlobFault('BLOB_UNAVAILABLE', `${what}: the disk answered ${code}.`, { cause });
}

/** The system's error code (`ENOENT`), or null for an error that is not the system's, such as one thrown by a body that is read. */
export function errorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('errno' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}
