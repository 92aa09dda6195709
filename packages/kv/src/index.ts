export { documents, type DocumentOptions, type DocumentPage, type Documents } from './documents.ts';
export { LIMITS } from './limits.ts';
export * from './port.ts';
export { bytes, utf8 } from './text.ts';
export { newToken } from './token.ts';
export { follow } from './follow.ts';
