export * from './discovery_pb.ts';
