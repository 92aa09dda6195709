export * from './access_pb.ts';
export * from './decisions.ts';
export * from './refusals.ts';
