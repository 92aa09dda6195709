import { CLOCK, pause } from './clock.ts';
import type { Figures, Summary } from './figures/figures.ts';
import { createMeter } from './figures/meter.ts';
import { createViewer, type Viewer, type ViewerPhase } from './life/viewer.ts';
import { networkAddress } from './names/network-address.ts';
import { LOOPBACK } from './names/resolve.ts';
import { HABITS, type Credentials, type Place, type StartViewers, type ViewersOptions } from './options.ts';
import { seededRandom, stableHash } from './random.ts';

/** Connections and timers of more than this are too much for one process. */
const VIEWERS_MAX = 2_000;
const RAMP_MS = 10_000;
const STALL_MS_MAX = 3_000;
const SAMPLE_EVERY_MS = 1_000;
const HERE: Place = { name: 'this machine', resolve: LOOPBACK };

/** Lets people watch until it is stopped. */
export const startViewers: StartViewers = (options) => {
  checkOptions(options);
  const { clock = CLOCK, rampMs = RAMP_MS, stallMsMax = STALL_MS_MAX } = options;
  const meter = createMeter({ stallMsMax });
  const startedAtMs = clock.nowMs();
  const cpuBefore = process.cpuUsage();
  const stopped = new AbortController();
  const present: Viewer[] = [];
  let made = 0;
  let summary: Promise<Summary> | undefined;

  const figures = (): Figures => meter.figures(clock.nowMs(), { wanted: present.length, ...countPhases(present) });
  const resize = async (count: number, spreadMs: number): Promise<void> => {
    checkCount(count);
    const joining = Math.max(0, count - present.length);
    for (let each = 0; each < joining; each += 1) {
      present.push(makeViewer(options, meter, made, (spreadMs * each) / joining));
      made += 1;
    }
    await Promise.all(present.splice(count).map((viewer) => viewer.leave()));
  };
  void resize(options.count, rampMs);

  return {
    figures,
    async *samples() {
      let dueMs = startedAtMs;
      while (!stopped.signal.aborted) {
        // Readings that a late reader missed are left out.
        const missed = Math.floor(Math.max(0, clock.nowMs() - dueMs) / SAMPLE_EVERY_MS);
        dueMs += (missed + 1) * SAMPLE_EVERY_MS;
        await pause(clock, dueMs - clock.nowMs(), stopped.signal);
        if (!stopped.signal.aborted) yield figures();
      }
    },
    async resize(count) {
      if (stopped.signal.aborted) throw new Error('the viewers were stopped');
      await resize(count, 0);
    },
    stop() {
      stopped.abort();
      summary ??= resize(0, 0).then(() => summarise(figures(), startedAtMs, cpuBefore));
      return summary;
    },
  };
};

function makeViewer(options: ViewersOptions, meter: ReturnType<typeof createMeter>, index: number, beginAfterMs: number): Viewer {
  const { seed, accounts = [], places = [HERE], heightMax = 0 } = options;
  const place = places[index % places.length] ?? HERE;
  const viewerId = `viewer-${[0, 1, 2].map((part) => stableHash(`${seed}/${index}/${part}`).toString(16).padStart(8, '0')).join('')}`;
  return createViewer(
    {
      clock: options.clock ?? CLOCK,
      randomFor: (purpose) => seededRandom(stableHash(`${viewerId}/${purpose}`)),
      meter,
      doors: options.doors,
      resolve: place.resolve,
      localAddress: place.network === undefined ? undefined : networkAddress(place.network, Math.floor(index / places.length)),
      authority: options.authority,
      cohortOf: options.cohortOf ?? ((id) => (stableHash(id) % 2 === 0 ? 'control' : 'experiment')),
      homeQuestion: options.homeQuestion,
    },
    {
      viewerId,
      credentials: credentialsOf(accounts, index),
      habits: { ...HABITS, ...options.habits },
      heightMax,
      beginAfterMs,
    },
  );
}

/** The same account has the same devices in every run: plans count them. */
function credentialsOf(accounts: readonly Credentials[], index: number): (Credentials & { readonly deviceId: string }) | undefined {
  const account = accounts[index % Math.max(1, accounts.length)];
  if (account === undefined) return undefined;
  return { ...account, deviceId: `synthetic-${stableHash(account.email).toString(16)}-${Math.floor(index / accounts.length)}` };
}

function checkOptions({ count, doors, places = [HERE] }: ViewersOptions): void {
  checkCount(count);
  for (const [name, origin] of Object.entries(doors))
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new RangeError(`doors.${name} is "${origin}"; an origin such as http://app.localhost:8080 is wanted`);
  if (places.length === 0) throw new RangeError('places is empty; viewers sit somewhere');
  for (const { network } of places) if (network !== undefined) networkAddress(network, 0);
}

function checkCount(count: number): void {
  if (!Number.isInteger(count) || count < 0 || count > VIEWERS_MAX)
    throw new RangeError(`${count} viewers; a whole number up to ${VIEWERS_MAX} is wanted`);
}

function countPhases(present: readonly Viewer[]): Record<ViewerPhase, number> {
  const counts = { browsing: 0, starting: 0, playing: 0, stalled: 0 };
  for (const viewer of present) counts[viewer.phase()] += 1;
  return counts;
}

function summarise(figures: Figures, startedAtMs: number, cpuBefore: NodeJS.CpuUsage): Summary {
  const { requests, requestsFailed, playedMs } = figures.counts;
  const cpu = process.cpuUsage(cpuBefore);
  return {
    ...figures,
    startedAtMs,
    secondsWatched: Math.round(playedMs / 1000),
    requestsFailedPerMillion: requests === 0 ? 0 : (requestsFailed / requests) * 1_000_000,
    cpuMs: Math.round((cpu.user + cpu.system) / 1000),
  };
}
