export * from './choices.ts';
export * from './events.ts';
export * from './identity_pb.ts';
export * from './refusals.ts';
