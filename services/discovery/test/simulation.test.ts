import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { SimulatedCopy } from './simulation/simulated-copy.ts';
import type { SimulatedProcess } from './simulation/simulated-process.ts';
import { startSystem } from './simulation/simulated-system.ts';
import type { SimulatedSystem } from './simulation/simulated-system.ts';

const isThorough = process.env['BIOSCOPE_TEST_ALL'] === '1';
const RUNS = isThorough ? 250 : 20;
/** From the death to the last copy that names it: the lease, what was under way, a relay, a step. */
const GONE_WITHIN_MS = 3_000 + 500;
/** From the first lease to the last copy that knows of it; then never missing. */
const KNOWN_WITHIN_MS = 500;
/** A copy that is suddenly cut off from all others needs a moment to find out, and those who use it to hear of that. */
const MISSING_MS_MAX = 500;
/** After the last fault: an exchange with everybody, renewals, and three seconds of calm. */
const SETTLED_WITHIN_MS = 8_000;

type Check = (system: SimulatedSystem) => void;

/** Calls `check` often while time passes. */
function watch(system: SimulatedSystem, forMs: number, check: Check): void {
  for (let passedMs = 0; passedMs < forMs; passedMs += 100) {
    system.world.run(100);
    check(system);
  }
}

function askable(system: SimulatedSystem): readonly SimulatedCopy[] {
  return system.copies.filter((copy) => copy.isUp() && copy.isReady());
}

function living(system: SimulatedSystem, forMs: number): readonly SimulatedProcess[] {
  const nowMs = system.world.nowMs();
  return system.processes.filter((one) => one.endedAtMs() === undefined && nowMs - (one.knownSinceMs() ?? nowMs) >= forMs);
}

/** The longest time for which a copy that could be asked did not name somebody alive; by copy and instance. */
function missing(system: SimulatedSystem, since: Map<string, number>): void {
  const nowMs = system.world.nowMs();
  for (const copy of askable(system)) {
    const named = copy.named();
    for (const { instanceId } of living(system, KNOWN_WITHIN_MS)) {
      const key = `${instanceId} at ${copy.address}`;
      if (named.has(instanceId)) since.delete(key);
      else if (!since.has(key)) since.set(key, nowMs);
      const forMs = nowMs - (since.get(key) ?? nowMs);
      assert(forMs <= MISSING_MS_MAX, `${key} is missing for ${forMs} ms at ${nowMs} ms`);
    }
  }
}

const theDeadAreGone: Check = (system) => {
  const nowMs = system.world.nowMs();
  // A copy that slept saw nobody go: it waits for the leases that it had, and tells of them.
  if (system.copies.some((copy) => nowMs - copy.resumedAtMs() < GONE_WITHIN_MS)) return;
  for (const copy of askable(system)) {
    if (copy.isPreserving()) continue;
    for (const dead of system.processes.filter((one) => nowMs - (one.endedAtMs() ?? nowMs) > GONE_WITHIN_MS))
      assert(!copy.named().has(dead.instanceId), `${dead.instanceId} is still at ${copy.address} after ${nowMs} ms`);
  }
};

const allAgree: Check = (system) => {
  const alive = living(system, 0).map((one) => one.instanceId);
  for (const copy of system.copies) assert.deepEqual([...copy.sure()].sort(), alive.toSorted(), `what ${copy.address} is sure of`);
};

/** Each with a seed of its own that a failure names. */
function simulate(
  test: TestContext,
  runs: number,
  shape: { zones: number; processesPerZone: number },
  run: (system: SimulatedSystem) => void,
): void {
  const first = Number(process.env['BIOSCOPE_TEST_SEED'] ?? randomInt(2 ** 31));
  for (let seed = first; seed < first + runs; seed += 1) {
    try {
      run(startSystem({ seed, ...shape }));
    } catch (cause) {
      test.diagnostic(`BIOSCOPE_TEST_SEED=${seed}`);
      throw cause;
    }
  }
}

/** One of the faults that copies bear, one after the other: whatever it is, the others are there meanwhile. */
function trouble({ world, network, copies }: SimulatedSystem): void {
  const pick = (): SimulatedCopy => copies[Math.floor(world.random() * copies.length)] as SimulatedCopy;
  const [one, other] = [pick(), pick()];
  const faults = {
    kill: [() => one.kill(), () => one.restart()],
    pause: [() => one.pause(), () => one.resume()],
    'cut from one copy': [() => network.cut(one.address, other.address), () => network.heal()],
    // Those who use it still reach it.
    'cut from all copies': [() => copies.forEach(({ address }) => network.cut(one.address, address)), () => network.heal()],
  } as const;
  const names = Object.keys(faults) as (keyof typeof faults)[];
  const name = names[Math.floor(world.random() * names.length)] as keyof typeof faults;
  const [begin, end] = faults[name];
  begin();
  world.after(500 + world.random() * 8_000, end);
}

describe('copies of discovery, simulated', () => {
  it('name everybody alive and forget the few who die, while one copy after the other is killed, paused or cut off', (test) => {
    simulate(test, RUNS, { zones: 3, processesPerZone: 4 }, (system) => {
      const since = new Map<string, number>();
      system.world.run(3_000);
      for (let round = 0; round < 3; round += 1) {
        trouble(system);
        if (round > 0) system.processes[round * 5]?.[round === 1 ? 'die' : 'withdraw']();
        watch(system, 14_000, (now) => {
          missing(now, since);
          theDeadAreGone(now);
        });
      }
      allAgree(system);
    });
  });

  it('do the same over two regions', (test) => {
    simulate(test, Math.ceil(RUNS / 10), { zones: 6, processesPerZone: 4 }, (system) => {
      const since = new Map<string, number>();
      system.world.run(3_000);
      trouble(system);
      watch(system, 14_000, (now) => missing(now, since));
      allAgree(system);
    });
  });

  it('agree after anything that may have happened: cuts, deaths of copies and processes, withdrawals, pauses, all at once', (test) => {
    simulate(test, RUNS, { zones: 3, processesPerZone: 4 }, (system) => {
      const { world, network, processes, copies } = system;
      system.world.run(3_000);
      for (let n = 0; n < 6; n += 1) {
        trouble(system);
        if (world.random() < 0.3) system.isolateZone(String(1 + Math.floor(world.random() * 3)));
        if (world.random() < 0.5) processes[Math.floor(world.random() * processes.length)]?.[world.random() < 0.5 ? 'die' : 'withdraw']();
        world.run(world.random() * 6_000);
      }
      for (const copy of copies) if (!copy.isUp()) copy.restart();
      network.heal();
      // What trouble() still plans is over after eight and a half seconds.
      world.run(8_500 + SETTLED_WITHIN_MS);
      allAgree(system);
    });
  });

  it('forget a lost zone, a third of all, within its leases', (test) => {
    simulate(test, 5, { zones: 3, processesPerZone: 5 }, (system) => {
      system.world.run(5_000);
      system.copies[0]?.kill();
      for (const one of system.processes) if (one.zone === '1') one.die();
      system.world.run(GONE_WITHIN_MS);
      for (const copy of system.copies.slice(1)) {
        assert.equal(copy.isPreserving(), false);
        assert.equal(copy.named().size, 10);
      }
    });
  });

  it('forget nobody when they are cut off from everybody, say whom they doubt, and believe again when it is over', (test) => {
    simulate(test, 5, { zones: 3, processesPerZone: 5 }, (system) => {
      const [lonely] = system.copies;
      system.world.run(5_000);
      system.isolate('copy-1');
      watch(system, 30_000, () => assert.equal(lonely?.named().size, 15));
      assert.deepEqual([lonely?.isPreserving(), lonely?.sure().size], [true, 0]);
      for (const other of system.copies.slice(1)) assert.equal(other.sure().size, 15, 'those who used it went to the others in time');
      system.network.heal();
      system.world.run(2_000);
      assert.equal(lonely?.sure().size, 15);
      system.world.run(SETTLED_WITHIN_MS);
      assert.equal(lonely?.isPreserving(), false);
    });
  });

  it('keep both sides of a cut between zones going', (test) => {
    simulate(test, 5, { zones: 3, processesPerZone: 5 }, (system) => {
      const [alone, ...others] = system.copies;
      system.world.run(5_000);
      system.isolateZone('1');
      watch(system, 20_000, () => {
        assert.equal(alone?.named().size, 15, 'most of all are silent: the cut zone forgets nobody');
        for (const copy of others) assert(copy.named().size >= 10, 'a third is silent: the others forget nobody else');
      });
      system.network.heal();
      system.world.run(2_000);
      for (const copy of system.copies) assert.equal(copy.sure().size, 15);
    });
  });

  it('fill a copy that starts empty before it may be asked, also while everybody is doubted', (test) => {
    simulate(test, 5, { zones: 3, processesPerZone: 5 }, (system) => {
      const [first, second] = system.copies;
      system.world.run(5_000);
      for (const one of system.processes) system.isolate(one.instanceId);
      system.world.run(5_000);
      second?.kill();
      system.world.run(200);
      second?.restart();
      assert.equal(second?.isReady(), false);
      system.world.run(1_000);
      assert.deepEqual([second?.isReady(), second?.isPreserving(), second?.named().size], [true, true, 15]);
      assert.equal(first?.named().size, 15);
    });
  });

  it('do not take their own sleep for the death of others, also where there are too few others to tell a cut', (test) => {
    simulate(test, 5, { zones: 1, processesPerZone: 2 }, (system) => {
      const [only] = system.copies;
      system.world.run(5_000);
      only?.pause();
      system.world.run(20_000);
      only?.resume();
      watch(system, 5_000, () => assert.equal(only?.named().size, 2));
    });
  });
});
