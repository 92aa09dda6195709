export * from './home_pb.ts';
