/** The steps that turn a film file into the files of an edition, for measuring them outside the service. */
export * from './media/index.ts';
export { packageTrack, proveGrid, type PackagedTrack, type SegmentGrid } from './packager/index.ts';
