export * from './playback_pb.ts';
export * from './watching.ts';
