export { openS3Blobs } from './open.ts';
export type { S3BlobsOptions } from './open.ts';
export type { S3Deadlines } from './limits.ts';
