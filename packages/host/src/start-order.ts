import type { Unit } from './unit.ts';

/**
 * The units in an order in which everyone's needs are given by someone earlier; units that do not depend on each other keep the
 * order they came in. Throws one error that names every duplicate, missing or circular port.
 */
export function startOrder(units: readonly Unit[]): readonly Unit[] {
  const problems: string[] = [];
  const givers = findGivers(units, problems);
  for (const unit of units) {
    for (const port of Object.values(unit.needs)) {
      if (!givers.has(port.name)) problems.push(`unit "${unit.name}" needs port "${port.name}", which no unit gives`);
    }
  }
  const order = problems.length === 0 ? sort(units, givers, problems) : [];
  if (problems.length > 0)
    throw new Error(`these units cannot be hosted together:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  return order;
}

function findGivers(units: readonly Unit[], problems: string[]): ReadonlyMap<string, Unit> {
  const givers = new Map<string, Unit>();
  const names = new Set<string>();
  for (const unit of units) {
    if (names.has(unit.name)) problems.push(`two units are named "${unit.name}"`);
    names.add(unit.name);
    for (const port of Object.values(unit.gives)) {
      const other = givers.get(port.name);
      if (other !== undefined) problems.push(`port "${port.name}" is given by both "${other.name}" and "${unit.name}"`);
      else givers.set(port.name, unit);
    }
  }
  return givers;
}

function sort(units: readonly Unit[], givers: ReadonlyMap<string, Unit>, problems: string[]): readonly Unit[] {
  const order: Unit[] = [];
  const placed = new Set<Unit>();
  const path: Unit[] = [];
  const place = (unit: Unit): void => {
    if (placed.has(unit)) return;
    if (path.includes(unit)) {
      const circle = [...path.slice(path.indexOf(unit)), unit].map((each) => `"${each.name}"`).join(' needs ');
      problems.push(`units need each other in a circle: ${circle}`);
      return;
    }
    path.push(unit);
    for (const port of Object.values(unit.needs)) {
      const giver = givers.get(port.name);
      if (giver !== undefined) place(giver);
    }
    path.pop();
    if (!placed.has(unit)) {
      placed.add(unit);
      order.push(unit);
    }
  };
  for (const unit of units) place(unit);
  return order;
}
