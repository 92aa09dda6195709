export * from './catalog_pb.ts';
export * from './events.ts';
export * from './genres.ts';
export * from './offered.ts';
export * from './texts.ts';
