export * from './membership_pb.ts';
