import { look } from '../src/domain/look.ts';
import type { Rules } from '../src/domain/look.ts';
import { activeRun, directedOf, foldCourse, NO_COURSE } from '../src/domain/course.ts';
import type { Course, CourseEvent, Run } from '../src/domain/course.ts';
import type { Health } from '../src/domain/health.ts';
import type { KnownGateway, Report } from '../src/domain/measure.ts';
import type { Outlook } from '../src/domain/outlook.ts';
import { beginEvacuation, beginRestore } from '../src/domain/begin-run.ts';
import type { Refusal } from '../src/domain/begin-run.ts';
import { showPicture } from '../src/domain/show-picture.ts';
import type { RegionShown } from '../src/domain/show-picture.ts';

export const TTL_MS = 30_000;

/** What a region of the simulation is like now; tests change it as they go. */
export type SimulatedRegion = {
  /** Clients per second whose nearest region this is. */
  demandPerSecond: number;
  capacityPerSecond: number;
  /** Of what is served here, beside what exceeds the capacity. */
  errorRate: number;
  alive: boolean;
  /** Its gateways do not say how much they can take, and are as busy as can be, whoever comes. */
  isBusyWithItself?: boolean;
};

export type Simulation = {
  readonly regions: Record<string, SimulatedRegion>;
  nowMs(): number;
  /** Lets time go by in half seconds, as the service looks. */
  run(ms: number): void;
  /** Until the run that goes on has ended, at most ten minutes. */
  runToEnd(): Run;
  begin(kind: 'evacuate' | 'restore', region: string, force?: boolean): Refusal | null;
  /** The process dies: what was in its memory is gone. */
  restart(): void;
  /** The process or its store stands still: gateways' reports are lost, and nobody looks. */
  standStill(ms: number): void;
  readonly events: readonly CourseEvent[];
  course(): Course;
  picture(): readonly RegionShown[];
  notes(): ReadonlyMap<string, string>;
};

const TICK_MS = 500;
const ZONES = ['1', '2', '3'];

/**
 * Regions of three gateways whose clients follow DNS (an answer lives for its TTL and up to four seconds more), and a service that looks at them. Each client
 * network moves at its own moment within the TTL, as resolvers' caches do.
 */
export function simulateRegions(regions: Record<string, SimulatedRegion>, named: readonly string[] = Object.keys(regions)): Simulation {
  const rules: Rules = { named, capacities: new Map(), pace: { holdMs: 3_000, dnsTtlMs: TTL_MS } };
  const events: CourseEvent[] = [];
  let course: Course = NO_COURSE;
  let nowMs = 1_000_000;
  let healths: ReadonlyMap<string, Health> = new Map();
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let listeningSinceMs = nowMs;
  let outlook: Outlook | undefined;
  let notes: ReadonlyMap<string, string> = new Map();
  let runs = 0;
  let reports: Report[] = [];
  let ticks = 0;
  const known = new Map<string, KnownGateway>();
  const lastArrivals = new Map<string, number>();
  /** Region → weights over the last TTL and grace, newest first: a network follows the weight of the moment at which it asked. */
  const weights = new Map<string, number[]>();

  function record(added: readonly CourseEvent[]): void {
    events.push(...added);
    course = added.reduce(foldCourse, course);
  }

  function sentBy(region: string): number {
    const { weight, relief } = directedOf(course, region);
    return weight * relief;
  }

  function weightSeen(region: string): number {
    const past = weights.get(region) ?? [];
    return past.length === 0 ? sentBy(region) : past.reduce((sum, weight) => sum + weight, 0) / past.length;
  }

  function move(): void {
    const slots = (TTL_MS + 4_000) / TICK_MS;
    const names = Object.keys(regions);
    for (const name of names) weights.set(name, [sentBy(name), ...(weights.get(name) ?? [])].slice(0, slots));
    const arriving = new Map(names.map((name) => [name, 0]));
    for (const name of names) {
      const demand = regions[name]?.demandPerSecond ?? 0;
      const stays = weightSeen(name);
      add(arriving, name, demand * stays);
      const others = names.filter((other) => other !== name && directedOf(course, other).weight > 0);
      for (const other of others) add(arriving, other, (demand * (1 - stays)) / others.length);
    }
    // Once a second, so that after a pause the first look finds nothing new.
    if ((ticks += 1) % 2 === 0) report(arriving);
  }

  function report(arriving: ReadonlyMap<string, number>): void {
    const takenOver = new Map<string, number>();
    const shown = new Map(outlook === undefined ? [] : showPicture(outlook, notes, new Map()).map((region) => [region.name, region]));
    for (const [name, requests] of arriving) {
      const to = shown.get(name)?.bridgeTo ?? [];
      if (regions[name]?.alive === true)
        for (const other of to) add(takenOver, other, (requests * directedOf(course, name).bridgeShare) / to.length);
    }
    for (const [name, requests] of arriving) {
      const region = regions[name];
      if (region?.alive !== true) continue;
      const bridged = (shown.get(name)?.bridgeTo ?? []).length > 0 ? requests * directedOf(course, name).bridgeShare : 0;
      const taken = takenOver.get(name) ?? 0;
      const served = requests - bridged + taken;
      const errors = Math.max(served * region.errorRate, served - region.capacityPerSecond);
      const share = (TICK_MS * 2) / 1_000 / ZONES.length;
      for (const zone of ZONES) {
        const address = `127.${name.codePointAt(0)}.${zone}.1:8080`;
        known.set(address, { region: name, zone, address });
        // Fewer than one request in a second is none: somebody's last request has come.
        if (requests >= 1) lastArrivals.set(address, nowMs);
        const counts = { requests: requests * share, bridged: bridged * share, errors: errors * share, takenOver: taken * share };
        const capacityPerSecond = region.capacityPerSecond / ZONES.length;
        const isBusy = region.isBusyWithItself === true;
        const load = isBusy ? 1 : Math.min(1, served / region.capacityPerSecond);
        const rest = { starts: 0, startFailures: 0, load, capacityPerSecond: isBusy ? 0 : capacityPerSecond, draining: false };
        reports.push({ region: name, zone, address, atMs: nowMs, overMs: TICK_MS * 2, ...counts, ...rest });
      }
    }
    reports = reports.filter(({ atMs }) => nowMs - atMs < 10_000);
  }

  function tick(): void {
    move();
    if (nowMs - lookedAtMs > 2_500) listeningSinceMs = nowMs;
    const found = { course, known: [...known.values()], reports, lastArrivals };
    const seen = look(found, rules, { healths, listeningSinceMs }, { nowMs, newId: `auto-${(runs += 1)}` });
    lookedAtMs = nowMs;
    ({ healths } = seen.outlook);
    ({ notes } = seen);
    record(seen.events);
    outlook = { ...seen.outlook, course };
    nowMs += TICK_MS;
  }

  function lookedAt(): Outlook {
    if (outlook === undefined) throw new Error('let time go by first');
    return outlook;
  }

  const simulation: Simulation = {
    regions,
    events,
    nowMs: () => nowMs,
    run(ms) {
      for (const until = nowMs + ms; nowMs < until;) tick();
    },
    runToEnd() {
      const run = activeRun(course);
      if (run === undefined) throw new Error('no run goes on');
      for (const until = nowMs + 600_000; nowMs < until;) {
        tick();
        const now = course.runs.find(({ id }) => id === run.id);
        if (now !== undefined && now.ended !== null) return now;
      }
      throw new Error(`run ${run.id} goes on for ten minutes: ${JSON.stringify(activeRun(course)?.steps)}`);
    },
    begin(kind, region, force = false) {
      const wanted = { id: `run-${(runs += 1)}`, region, reason: 'a test', by: 'test', force };
      const outcome = (kind === 'evacuate' ? beginEvacuation : beginRestore)({ ...lookedAt(), course, nowMs }, wanted);
      if (outcome.kind === 'refused') return outcome;
      record(outcome.events);
      return null;
    },
    restart() {
      healths = new Map();
      lookedAtMs = Number.NEGATIVE_INFINITY;
      outlook = undefined;
      // What is kept survives as text, as in the store.
      course = events.map((event) => JSON.parse(JSON.stringify(event)) as CourseEvent).reduce(foldCourse, NO_COURSE);
    },
    standStill(ms) {
      nowMs += ms;
      ticks = 0;
      reports = reports.filter(({ atMs }) => nowMs - atMs < 10_000);
    },
    course: () => course,
    picture: () => showPicture(lookedAt(), notes, new Map()),
    notes: () => notes,
  };
  return simulation;
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}
