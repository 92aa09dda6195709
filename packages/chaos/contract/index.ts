export * from './chaos_pb.ts';
