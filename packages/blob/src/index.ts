export * from './port.ts';
export { checkKey } from './key.ts';
export { copyBlobs } from './copy.ts';
export type { CopyOptions, CopyProgress, CopyReport } from './copy.ts';
