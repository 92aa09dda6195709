export { readWebFiles } from './files.ts';
export type { WebFiles } from './files.ts';
export { serveWebApp } from './serve-web-app.ts';
