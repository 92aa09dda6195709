import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { checkExpiry } from '../expiry.ts';
import { checkKey } from '../key.ts';
import type { BlobStore } from '../port.ts';
import type { S3Place } from './lookup.ts';

/** Signed here, without a call: the server need not be there. */
export function presign({ bucket, names }: S3Place, nowMs: () => number): BlobStore['presign'] {
  return async ({ key, method, expiresAtMs }) => {
    checkKey(key);
    const now = nowMs();
    // S3 counts seconds from the second in which it was signed.
    const signedMs = Math.floor(now / 1000) * 1000;
    const expiresIn = (checkExpiry(expiresAtMs, now) - signedMs) / 1000;
    const object = { Bucket: bucket.name, Key: names.nameOf(key) };
    const command = method === 'GET' ? new GetObjectCommand(object) : new PutObjectCommand(object);
    return getSignedUrl(bucket.client, command, { expiresIn, signingDate: new Date(signedMs) });
  };
}
