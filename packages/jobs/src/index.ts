export { openJobs } from './open.ts';
export type { JobsOptions } from './open.ts';
export * from './port.ts';
