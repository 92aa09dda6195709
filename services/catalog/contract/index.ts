export * from './catalog_pb.ts';
