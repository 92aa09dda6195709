export * from './studio_pb.ts';
