export * from './playback_pb.ts';
