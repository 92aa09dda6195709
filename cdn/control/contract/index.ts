export * from './control_pb.ts';
export * from './names.ts';
export * from './token.ts';
export * from './token-vectors.ts';
