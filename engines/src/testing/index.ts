export { engineForTests } from './engine-for-tests.ts';
export type { EngineForTests, EngineForTestsOptions } from './engine-for-tests.ts';
export { engineMissing } from './engine-missing.ts';
export { writeSharedEngines } from './shared-engines.ts';
export type { AddressesOf, SharedEngines } from './shared-engines.ts';
export type { EngineNode } from '../running/server-process.ts';
