import { BlobFault, PRESIGNED_MS_MAX } from './port.ts';

/** The expiry of a presigned URL cut to whole seconds; rejected with `BLOB_RANGE` when that is not ahead, or further than the port allows. */
export function checkExpiry(expiresAtMs: number, nowMs: number): number {
  const cut = Math.floor(expiresAtMs / 1000) * 1000;
  if (cut > nowMs && cut - nowMs <= PRESIGNED_MS_MAX) return cut;
  throw new BlobFault('BLOB_RANGE', `A presigned URL expires within seven days from now, not ${(expiresAtMs - nowMs) / 1000} s from now.`);
}
