export * from './steering_pb.ts';
