export * from './events.ts';
export * from './membership_pb.ts';
