import { setTimeout as pause } from 'node:timers/promises';
import { superviseChild } from '@bioscope/host';
import type { ChildState, Supervised } from '@bioscope/host';
import type { Logger } from '@bioscope/telemetry';
import type { Deployment, Place } from '@bioscope/topology';
import type { PlaceKind } from './place-kind.ts';
import { readProcessFiles, removeProcessFile } from './process-file.ts';
import { programOf } from './program-of.ts';

export type SlotState = {
  /** Of the start that serves now. */
  readonly name: string;
  readonly pid: number | null;
  readonly state: 'starting' | 'ready' | 'down';
  /** Deaths that nobody asked for. */
  readonly deaths: number;
  /** `host:port` of its health and metrics; empty for other programs and until it is ready. */
  readonly operations: string;
};

/** One place of the deployment and the process that fills it. */
export type Slot = {
  state(): SlotState;
  /** Resolves when it is ready. */
  start(): Promise<void>;
  restart(): Promise<void>;
  kill(): boolean;
  hold(forMs: number): Promise<void>;
  release(): void;
  stop(): Promise<void>;
};

type SlotOptions = {
  readonly folder: string;
  readonly recordFolder: string;
  readonly deployment: Deployment;
  readonly place: Place;
  readonly kind: PlaceKind;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly onLogLine: (line: string) => void;
};

/** Of a process on a machine where thirty others start too. */
const READY_MS_MAX = 150_000;
const READY_LOOK_EVERY_MS = 100;
/** Its drain deadline and what stopping takes. */
const STOP_DEADLINE_MS = 20_000;
/** Killed on purpose again and again, for days: it always comes back. */
const RESTARTS_MAX = 1_000_000;
const BACKOFF_MAX_MS = 2_000;

export function createSlot(options: SlotOptions): Slot {
  const { folder, place, kind, log } = options;
  let current: Supervised | null = null;
  let name = '';
  let starts = 0;
  let deaths = 0;
  let readyPid: number | null = null;
  let operations = '';
  let held: NodeJS.Timeout | null = null;
  const stopping = new AbortController();

  async function launch(): Promise<{ readonly child: Supervised; readonly name: string }> {
    starts += 1;
    const own = `${place.name}.${starts}`;
    // The same after a crash, another for the one that takes over while the old one still runs.
    const instance = `${place.name}-${starts % 2}`;
    const program = programOf({ ...options, name: own, environment: { ...options.environment, BIOSCOPE_INSTANCE: instance } });
    const child = await superviseChild({
      ...program,
      name: own,
      recordFolder: options.recordFolder,
      restart: { attemptsMax: RESTARTS_MAX, backoffMaxMs: BACKOFF_MAX_MS },
      stopDeadlineMs: STOP_DEADLINE_MS,
      onLine: hear,
      onChange: (state) => changed(own, state),
    });
    return { child, name: own };
  }

  function hear(line: string): void {
    if (line.startsWith('{')) options.onLogLine(`${line}\n`);
    else log.warn({ place: place.name }, line);
  }

  function changed(own: string, state: ChildState): void {
    if (state.kind === 'running') return;
    removeProcessFile(folder, own);
    if (own !== name) return;
    readyPid = null;
    if (state.kind !== 'waiting' || stopping.signal.aborted) return;
    deaths += 1;
    log.warn({ place: place.name, exit: state.exit }, 'a process ended and is started again');
    void watchReady(own).catch(() => undefined);
  }

  /** Resolves when the start of that name says that it can be used. */
  async function watchReady(own: string): Promise<void> {
    const untilMs = performance.now() + READY_MS_MAX;
    while (performance.now() < untilMs && !stopping.signal.aborted) {
      const child = own === name ? current : null;
      const pid = child?.pid() ?? null;
      const said = isProgramOfOthers(kind) ? { pid, operations: '' } : readProcessFiles(folder).find((each) => each.name === own);
      if (said !== undefined && said.pid !== null && (child === null || said.pid === pid)) {
        if (own === name) {
          readyPid = said.pid;
          operations = said.operations;
        }
        return;
      }
      await pause(READY_LOOK_EVERY_MS);
    }
    if (!stopping.signal.aborted)
      throw new Error(`${place.name} is not ready after ${READY_MS_MAX / 1_000} s: see logs/${place.name}.log in the state folder`);
  }

  async function begin(): Promise<void> {
    const started = await launch();
    current = started.child;
    name = started.name;
    await watchReady(name);
  }

  function release(): void {
    if (held === null || stopping.signal.aborted) return;
    clearTimeout(held);
    held = null;
    begin().catch((error: unknown) => log.error({ place: place.name, error }, 'a process that was held does not start again'));
  }

  return {
    state: () => ({
      name,
      pid: current?.pid() ?? null,
      state: readyPid !== null ? 'ready' : (current?.pid() ?? null) === null ? 'down' : 'starting',
      deaths,
      operations,
    }),
    start: begin,
    async restart() {
      if (held !== null) throw new Error(`${place.name} is held down by an experiment: it starts again when that is over`);
      const old = current;
      if (!canTakeOver(kind)) {
        readyPid = null;
        await old?.stop();
        return await begin();
      }
      const next = await launch();
      await watchReady(next.name);
      const said = readProcessFiles(folder).find((each) => each.name === next.name);
      name = next.name;
      current = next.child;
      readyPid = said?.pid ?? null;
      operations = said?.operations ?? '';
      await old?.stop();
    },
    kill: () => current?.signal('SIGKILL') ?? false,
    async hold(forMs) {
      if (held !== null) clearTimeout(held);
      held = setTimeout(release, forMs);
      const killed = current;
      current = null;
      readyPid = null;
      killed?.signal('SIGKILL');
      await killed?.stop();
    },
    release,
    async stop() {
      stopping.abort();
      if (held !== null) clearTimeout(held);
      await current?.stop();
    },
  };
}

/** These hold a port, a disk or a lock that two cannot hold at once; their callers wait or go elsewhere meanwhile. */
function canTakeOver(kind: PlaceKind): boolean {
  return kind === 'group';
}

function isProgramOfOthers(kind: PlaceKind): boolean {
  return kind === 'memcached';
}
