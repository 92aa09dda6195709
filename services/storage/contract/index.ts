export * from './blob_pb.ts';
export * from './fault_pb.ts';
export * from './kv_pb.ts';
export * from './log_pb.ts';
