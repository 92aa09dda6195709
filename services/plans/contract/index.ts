export * from './events.ts';
export * from './plans_pb.ts';
