export { openFileBlobs } from './open.ts';
export type { FileBlobsOptions } from './open.ts';
export { verifyPresigned } from './presign.ts';
export type { PresignedVerdict } from './presign.ts';
