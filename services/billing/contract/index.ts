export * from './billing_pb.ts';
