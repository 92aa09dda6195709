export { CLOCK, clockOf } from './clock.ts';
export type { Clock } from './clock.ts';
export { COHORTS, DOORS, FAILURES } from './figures/figures.ts';
export type { Cohort, CohortFigures, Counts, Door, DoorFigures, Failure, Figures, Summary } from './figures/figures.ts';
export { LOOPBACK } from './names/resolve.ts';
export type { Addresses, Asker, Resolve } from './names/resolve.ts';
export { HABITS } from './options.ts';
export type { Credentials, Doors, Habits, Place, StartViewers, Viewers, ViewersOptions } from './options.ts';
export { startViewers } from './start-viewers.ts';
