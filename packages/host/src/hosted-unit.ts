import type { Health, Port, Running, Unit, UnitContext } from './unit.ts';
import { withinDeadline } from './within-deadline.ts';

export const UNIT_STATES = ['waiting', 'starting', 'running', 'draining', 'stopped', 'failed'] as const;
export type UnitState = (typeof UNIT_STATES)[number];

/** One unit inside a host: its state, and its functions guarded against being called in the wrong state. */
export type HostedUnit = {
  readonly name: string;
  state(): UnitState;
  ready(): boolean;
  health(): Health;
  start(request: StartRequest): Promise<void>;
  drain(deadline: AbortSignal): Promise<void>;
  stop(): Promise<void>;
};

export type StartRequest = { readonly given: Map<string, unknown>; readonly deadlineAtMs: number; readonly context: UnitContext };

export function hostedUnit(unit: Unit): HostedUnit {
  let state: UnitState = 'waiting';
  let running: Running<Readonly<Record<string, Port<unknown>>>> | undefined;
  let starting: ReturnType<Unit['start']> | undefined;

  const currentState = (): UnitState => state;

  return {
    name: unit.name,
    state: currentState,
    ready: () => state === 'running' && (running?.ready?.() ?? true),
    health: () => healthOf(state, running),

    async start({ given, deadlineAtMs, context }) {
      state = 'starting';
      try {
        const needs = Object.fromEntries(Object.entries(unit.needs).map(([key, port]) => [key, given.get(port.name)]));
        starting = unit.start(needs, context);
        running = await withinDeadline(starting, deadlineAtMs - performance.now(), 'the start deadline passed');
        if (currentState() !== 'starting') throw new Error('it was stopped while it started');
        for (const [key, port] of Object.entries(unit.gives)) {
          if (running.gives[key] === undefined) throw new Error(`it declares that it gives "${port.name}" but did not`);
          given.set(port.name, running.gives[key]);
        }
        state = 'running';
      } catch (cause) {
        if (currentState() === 'starting') state = 'failed';
        throw new Error(`unit "${unit.name}" did not start: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
      }
    },

    async drain(deadline) {
      if (state !== 'running') return;
      state = 'draining';
      await running?.drain?.(deadline);
    },

    async stop() {
      // A start that outlived its deadline may still end with something that must be released.
      running ??= await starting?.catch(() => undefined);
      if (state === 'stopped') return;
      state = 'stopped';
      await running?.stop?.();
    },
  };
}

function healthOf(state: UnitState, running: { health?(): Health } | undefined): Health {
  switch (state) {
    case 'waiting':
    case 'starting':
      return { kind: 'well' };
    case 'running':
    case 'draining':
      return running?.health?.() ?? { kind: 'well' };
    case 'stopped':
    case 'failed':
      return { kind: 'ill', because: state };
    default:
      return state satisfies never;
  }
}
