export { port, unit } from './unit.ts';
export type { Health, Port, Running, Unit, UnitContext, Values } from './unit.ts';
