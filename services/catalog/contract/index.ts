export * from './catalog_pb.ts';
export * from './events.ts';
