export * from './dns_pb.ts';
