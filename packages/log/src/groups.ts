/** For whoever puts a network between subscribers and the engine that keeps their groups. */
export { checkGroup, checkRecords, checkTopic } from './checks.ts';
export type { GroupEngine, Held, LogEngine, LogNews, Membership } from './sqlite/engine.ts';
export { processIdentity } from './sqlite/process-identity.ts';
export { openSubscribers, type Subscribers } from './sqlite/subscribers.ts';
