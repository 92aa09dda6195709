export * from './passport_pb.ts';
