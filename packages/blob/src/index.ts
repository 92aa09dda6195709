export * from './port.ts';
export { checkKey } from './key.ts';
