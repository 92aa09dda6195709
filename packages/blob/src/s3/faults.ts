import { S3ServiceException } from '@aws-sdk/client-s3';
import { BlobFault } from '../port.ts';

const NO_SPACE = new Set([
  'InsufficientStorage',
  'QuotaExceeded',
  'QuotaExceededException',
  'XMinioStorageFull',
  'StorageFull',
  'EntityTooLarge',
]);
const CREDENTIALS = new Set([
  'InvalidAccessKeyId',
  'XAdminUserNotFound',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
  'TokenRefreshRequired',
]);

/** Says in the port's words what the server answered, or that it did not. */
export function asFault(what: string, cause: unknown): BlobFault {
  if (cause instanceof BlobFault) return cause;
  const { status, name } = answerOf(cause);
  const fault = (code: ConstructorParameters<typeof BlobFault>[0], text: string) => new BlobFault(code, `${what}: ${text}`, { cause });
  if (status === 507 || NO_SPACE.has(name)) return fault('BLOB_NO_SPACE', `the S3 server has no room or the quota is used up (${name}).`);
  if (name === 'NoSuchUpload') return fault('BLOB_UNKNOWN_UPLOAD', 'there is no such upload: it was completed, aborted, or never begun.');
  if (name === 'NoSuchBucket')
    return fault('BLOB_UNAVAILABLE', 'the bucket does not exist. Check bucket, endpoint and region, or let it be made with createBucket.');
  if (name === 'RequestTimeTooSkewed') return fault('BLOB_UNAVAILABLE', 'the clocks of this machine and the S3 server differ too much.');
  if (status === 401 || CREDENTIALS.has(name)) {
    return fault('BLOB_UNAVAILABLE', `the S3 server refused the credentials (${name}). Check accessKeyId, secretAccessKey and region.`);
  }
  if (status === 403) {
    return fault(
      'BLOB_UNAVAILABLE',
      `the S3 server refuses this (${name}). Check accessKeyId, secretAccessKey, and what they may do in the bucket.`,
    );
  }
  if (status >= 300 && status < 400) {
    return fault('BLOB_UNAVAILABLE', `the S3 server sends to another place (${name}). Check endpoint, region and forcePathStyle.`);
  }
  if (status >= 400) return fault('BLOB_UNAVAILABLE', `the S3 server answered ${status} ${name}.`);
  return fault(
    'BLOB_UNAVAILABLE',
    `the S3 server could not be reached or did not answer as one: ${cause instanceof Error ? cause.message : String(cause)}`,
  );
}

/** Status and error name of an answer; 0 when none came that could be read. A status without a body has the SDK's stand-in for a name. */
export function answerOf(error: unknown): { readonly status: number; readonly name: string } {
  if (!(error instanceof S3ServiceException)) return { status: 0, name: '' };
  const status = error.$metadata.httpStatusCode ?? 0;
  // A good status with an error is an answer that made no sense, such as a page of a proxy.
  return { status: status >= 300 ? status : 0, name: error.name };
}

/** A field that every right answer has: without it something else than an S3 server answered, and that is no miss. */
export function present<T>(what: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new BlobFault('BLOB_UNAVAILABLE', `${what}: the answer is not one of an S3 server. Check the endpoint.`);
}
