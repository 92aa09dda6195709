export * from './billing_pb.ts';
export * from './events.ts';
