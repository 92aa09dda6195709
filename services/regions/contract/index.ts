export * from './regions_pb.ts';
