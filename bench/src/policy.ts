import ownPackage from '../package.json' with { type: 'json' };
import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import { casbin } from './policy/casbin.ts';
import { cedarWasm } from './policy/cedar-wasm.ts';
import type { Contender } from './policy/contender.ts';
import { handWritten } from './policy/hand-written.ts';
import { hasRust, nativeCedar } from './policy/native.ts';
import type { NativeResult } from './policy/native.ts';
import { ours } from './policy/ours.ts';
import { randomRequests } from './policy/signals.ts';
import type { StreamingRequest } from './policy/signals.ts';

const REQUESTS = 4096;
const SLOW_PASS_REQUESTS = 256;
const COMPARED_REQUESTS = 2000;
const SEED = 2026;
const FULL = { rounds: 8, roundMs: 250 };
const QUICK = { rounds: 2, roundMs: 60 };

export const bench: Bench = {
  name: 'policy',
  about:
    'decisions per second of CPU over twenty streaming policies: packages/policy against cedar-wasm, casbin and a hand-written closure',
  run,
};

async function run(options: BenchOptions): Promise<BenchResult> {
  const { rounds, roundMs } = options.quick ? QUICK : FULL;
  const requests = randomRequests(REQUESTS, SEED);
  const { decide, explain, fromSignals } = ours(requests);
  const byHand = handWritten(requests);
  const wasm = cedarWasm(requests, options.quick ? SLOW_PASS_REQUESTS : COMPARED_REQUESTS);
  const peer = await casbin(requests, SLOW_PASS_REQUESTS);
  const contenders = [decide, explain, fromSignals, byHand, wasm, peer];
  options.say(`comparing the answers of ${contenders.length} ways over up to ${REQUESTS} requests`);
  for (const contender of contenders) compare(contender, byHand);

  const best = new Map<Contender, number>(contenders.map((contender) => [contender, 0]));
  for (const contender of contenders) perCpuSecond(contender, roundMs);
  for (let round = 1; round <= rounds; round += 1) {
    for (const contender of contenders) best.set(contender, Math.max(best.get(contender) ?? 0, perCpuSecond(contender, roundMs)));
    options.say(`round ${round} of ${rounds}`);
  }
  const native = await measureNative(requests, byHand, options);
  const speed = (of: Contender): number => best.get(of) ?? 0;
  return {
    figures: {
      perCpuSecond: Math.round(speed(decide)),
      fromSignalsPerCpuSecond: Math.round(speed(fromSignals)),
      withReasonsPerCpuSecond: Math.round(speed(explain)),
      vsCedarWasm: speed(decide) / speed(wasm),
      vsHandWritten: speed(decide) / speed(byHand),
      vsCasbin: speed(decide) / speed(peer),
      ...(native === null ? {} : { vsCedarNative: speed(decide) / native.perCpuSecond }),
    },
    columns: ['way', 'decisions per CPU second', 'ns of CPU each'],
    rows: [
      ...contenders.map((each) => row(each.name, speed(each))),
      ...(native === null ? [] : [row('native Cedar, all made before', native.perCpuSecond)]),
    ],
    notes: [
      `${REQUESTS} seeded requests over 8 actions, four entities each, 20 policies; every way gave the same answers to all requests of its pass before it was measured.`,
      `${rounds} interleaved rounds of ${roundMs} ms of CPU each; CPU of the whole process, garbage collection and compilation included; the best round counts.`,
      `cedar-wasm ${ownPackage.dependencies['@cedar-policy/cedar-wasm']} with its policies parsed before and without a schema (its quickest way), casbin ${ownPackage.dependencies.casbin}. Node ${process.version}.`,
      native === null
        ? 'Native Cedar was not measured: it needs Rust, a full run, and its crates.'
        : 'Native Cedar 4.14.1 in a process of its own, decisions only.',
    ],
  };
}

function row(name: string, speed: number): readonly (string | number)[] {
  return [name, Math.round(speed), Math.round(1e9 / speed)];
}

/** Null where there is no Rust or Cedar cannot be built (without a network, say), and in a quick run. */
async function measureNative(
  requests: readonly StreamingRequest[],
  reference: Contender,
  options: BenchOptions,
): Promise<NativeResult | null> {
  if (options.quick || !(await hasRust())) return null;
  options.say('native Cedar (its first build takes minutes)');
  let result: NativeResult;
  try {
    result = await nativeCedar(requests, FULL);
  } catch (error) {
    options.say(`native Cedar is left out: ${(error as Error).message.split('\n', 1)[0] ?? ''}`);
    return null;
  }
  const expected = reference.decisions(requests.length);
  if (result.decisions.some((isAllowed, at) => isAllowed !== expected[at]))
    throw new Error(`native Cedar answers otherwise than ${reference.name}`);
  return result;
}

/** Different answers would make every comparison of speed worthless. */
function compare(contender: Contender, reference: Contender): void {
  const count = Math.min(contender.passRequests, reference.passRequests);
  const expected = reference.decisions(count);
  const index = contender.decisions(count).findIndex((isAllowed, at) => isAllowed !== expected[at]);
  if (index !== -1) throw new Error(`${contender.name} answers request ${index} otherwise than ${reference.name}`);
}

function perCpuSecond(contender: Contender, roundMs: number): number {
  const before = process.cpuUsage();
  let decisions = 0;
  let allowed = 0;
  for (;;) {
    allowed += contender.run(contender.passRequests);
    decisions += contender.passRequests;
    const { user, system } = process.cpuUsage(before);
    if (user + system < roundMs * 1000) continue;
    // Reading the answers keeps the compiler from leaving the work out.
    if (allowed === 0 || allowed === decisions) throw new Error(`${contender.name} gives every request the same answer`);
    return (decisions / (user + system)) * 1e6;
  }
}
