export * from './echo_pb.ts';
