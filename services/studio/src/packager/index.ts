export { PackagingFault, type PackagingFaultCode } from './fault.ts';
export type { SegmentGrid } from './grid.ts';
export { packageTrack, type PackagedTrack } from './package-track.ts';
export { proveGrid } from './prove-grid.ts';
