export { madePage, readWebFiles } from './files.ts';
export type { WebFile, WebFiles } from './files.ts';
export { serveWebApp } from './serve-web-app.ts';
export type { FilesOf } from './serve-web-app.ts';
