export { webOperationsFile } from './config.ts';
export { web } from './service.ts';
