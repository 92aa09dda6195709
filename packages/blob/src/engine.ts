/** For whoever builds a further engine, or puts a network before one. */
export { chunksUntilAborted, closeUnread } from './body-chunks.ts';
export { localCopies, type LocalCopies } from './s3/local-copies.ts';
export { discard, openTemporary } from './temporary.ts';
