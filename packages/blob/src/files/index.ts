export { openFileBlobs } from './open.ts';
export type { FileBlobsOptions } from './open.ts';
export { readFileBlobs } from './read-only.ts';
export { verifyPresigned } from './presign.ts';
export type { PresignedVerdict } from './presign.ts';
