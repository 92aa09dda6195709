export { remoteBlobs, type RemoteBlobsOptions } from './remote-blobs.ts';
export { remoteKv } from './remote-kv.ts';
export { remoteLog } from './remote-log.ts';
export { remoteStateUnit, type RemoteStateSettings } from './remote-state-unit.ts';
