export * from './registry_pb.ts';
