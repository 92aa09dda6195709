import type { Controller, FaultRule, Fleet, Instance, Permit, Reading, RunNeeds, Split } from '../src/index.ts';
import { LEASHED } from '../src/index.ts';

/**
 * A service of a few processes that lives in a simulated clock: every second of a pause, viewers start and ask as long as its health allows.
 * `outage` says what the state of things costs: the share of requests that fail, 0 to 1, of everybody and of the experiment group beyond that.
 */
export function scriptedService(script: {
  outage?: (state: { down: readonly string[]; rules: readonly FaultRule[]; nowMs: number }) => { all?: number; experiment?: number };
  /** How long a process takes to be back after a kill or a hold. */
  restartMs?: number;
  permit?: Partial<Permit>;
}) {
  const { restartMs = 2_000 } = script;
  const clock = { nowMs: 1_000_000 };
  const ids = ['edge', 'play', 'browse', 'offline'].flatMap((group) => ['1', '2'].map((zone) => `a-${zone}-${group}`));
  const downUntilMs = new Map<string, number>();
  const paused = new Map<string, number>();
  const rules = new Map<string, { rule: FaultRule; untilMs: number }>();
  const journal: string[] = [];
  const deeds: string[] = [];
  const counts = { all: zero(), control: zero(), experiment: zero() };

  const isDown = (id: string): boolean => (downUntilMs.get(id) ?? 0) > clock.nowMs || (paused.get(id) ?? 0) > clock.nowMs;
  const instances = (): Instance[] =>
    ids.map((id) => {
      const [region = '', zone = '', group = ''] = id.split('-');
      const state = (paused.get(id) ?? 0) > clock.nowMs ? 'paused' : isDown(id) ? 'down' : 'running';
      return { id, region, zone, group, site: '', state };
    });

  function second(): void {
    clock.nowMs += 1_000;
    const standing = [...rules.values()].filter(({ untilMs }) => untilMs > clock.nowMs).map(({ rule }) => rule);
    const { all = 0, experiment = 0 } = script.outage?.({ down: ids.filter(isDown), rules: standing, nowMs: clock.nowMs }) ?? {};
    for (const [group, rate] of [
      ['control', all],
      ['experiment', Math.min(1, all + experiment)],
    ] as const) {
      for (const sum of [counts.all, counts[group]]) {
        sum.requests += 50;
        sum.requestsFailed += Math.round(50 * rate);
        sum.startsBegun += rate < 0.5 ? 1 : 0;
        sum.startsFailed += rate < 0.5 ? 0 : 1;
        sum.playedMs += 10_000;
      }
    }
  }

  const fleet: Fleet = {
    list: async () => instances(),
    async kill(id) {
      deeds.push(`kill ${id}`);
      downUntilMs.set(id, clock.nowMs + restartMs);
    },
    async hold(id, leaseMs) {
      deeds.push(`hold ${id}`);
      downUntilMs.set(id, clock.nowMs + leaseMs + restartMs);
    },
    async release(id) {
      deeds.push(`release ${id}`);
      downUntilMs.set(id, clock.nowMs + restartMs);
    },
    async pause(id, leaseMs) {
      deeds.push(`pause ${id}`);
      paused.set(id, clock.nowMs + leaseMs);
    },
    async resume(id) {
      deeds.push(`resume ${id}`);
      paused.delete(id);
    },
    async restart(id) {
      deeds.push(`restart ${id}`);
    },
  };
  const controller: Pick<Controller, 'put' | 'withdraw' | 'list'> = {
    async put(given, leaseMs) {
      for (const rule of given) rules.set(rule.id, { rule, untilMs: clock.nowMs + leaseMs });
      deeds.push(`put ${given.map(({ id }) => id).join(' ')}`);
      return { reached: ['127.0.0.1:1'], unreached: [] };
    },
    async withdraw(given) {
      for (const id of given) rules.delete(id);
      deeds.push(`withdraw ${given.join(' ')}`);
      return { reached: ['127.0.0.1:1'], unreached: [] };
    },
    list: async () => new Map(),
  };
  const needs: RunNeeds = {
    fleet,
    controller,
    actions: {},
    conditions: {},
    split: undefined as Split | undefined,
    permit: { ...LEASHED, mode: 'unleashed', ...script.permit },
    requestsFailedBefore: 0,
    journal: { add: async ({ what, name, detail }) => void journal.push(`${what} ${name}: ${detail}`) },
    figures: { read: () => reading() },
    nowMs: () => clock.nowMs,
    async pause(ms) {
      for (let left = ms; left > 0; left -= 1_000) second();
    },
    random: () => 0.5,
    told: () => undefined,
  };

  function reading(): Reading {
    const { all, control, experiment } = counts;
    return { atMs: clock.nowMs, playing: 20, counts: { ...all }, cohorts: { control: { ...control }, experiment: { ...experiment } } };
  }

  const standing = (): string[] => [...rules].filter(([, { untilMs }]) => untilMs > clock.nowMs).map(([id]) => id);
  return { needs, clock, journal, deeds, instances, standing };
}

function zero() {
  return {
    startsBegun: 0,
    startsFailed: 0,
    requests: 0,
    requestsFailed: 0,
    sessionsStalled: 0,
    sessionsBroken: 0,
    playedMs: 0,
    stalledMs: 0,
  };
}
