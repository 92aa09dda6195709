export * from './control_pb.ts';
export * from './token.ts';
