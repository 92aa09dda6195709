export * from './plans_pb.ts';
