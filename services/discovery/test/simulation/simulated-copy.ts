import { createAwakeClock } from '../../src/awake-clock.ts';
import { createCopy } from '../../src/domain/copy.ts';
import type { Answer, Copy, Exchange } from '../../src/domain/copy.ts';
import type { Statement } from '../../src/domain/statement.ts';
import type { Endpoint, Network } from './network.ts';
import type { World } from './world.ts';

/** What a process says to a copy, or another copy. */
export type Request =
  | { readonly kind: 'said'; readonly statement: Statement | undefined }
  | { readonly kind: 'exchange'; readonly exchange: Exchange };

export type Heard = { readonly isReady: boolean; readonly cutOffFrom: readonly string[] };

export type SimulatedCopy = {
  readonly address: string;
  isUp(): boolean;
  /** Of a pause, the last one. */
  resumedAtMs(): number;
  isReady(): boolean;
  isPreserving(): boolean;
  /** Instance ids: all, and those it is sure of. */
  named(): ReadonlySet<string>;
  sure(): ReadonlySet<string>;
  kill(): void;
  /** Anew and empty. */
  restart(): void;
  pause(): void;
  resume(): void;
};

const STEP_EVERY_MS = 100;
const DEADLINE_MS = 750;

export function startCopy(world: World, network: Network, address: string, peers: readonly string[]): SimulatedCopy {
  let run = 0;
  let resumedAtMs = -Infinity;
  let clock = createAwakeClock(() => world.nowMs());
  let copy = begin();
  const endpoint: Endpoint = { state: 'up', answer: (request) => answer(request as Request) };
  network.endpoints.set(address, endpoint);
  world.every(STEP_EVERY_MS, () => {
    if (endpoint.state !== 'up') return;
    copy.leases.expire(clock());
    tell();
  });

  function begin(): Copy {
    run += 1;
    clock = createAwakeClock(() => world.nowMs());
    return createCopy({ id: `${address} ${run}`, peers, nowMs: clock() });
  }

  function answer(request: Request): unknown {
    const answered = request.kind === 'exchange' ? copy.exchange(request.exchange, clock()) : hear(request.statement);
    tell();
    return answered;
  }

  function hear(statement: Statement | undefined): Heard {
    if (statement !== undefined) copy.hear(statement, clock());
    return { isReady: copy.isReady(clock()), cutOffFrom: copy.cutOffFrom() };
  }

  function tell(): void {
    const teller = copy;
    for (const { peer, exchange } of teller.due(clock())) {
      network.call(address, peer, { kind: 'exchange', exchange } satisfies Request, DEADLINE_MS, (outcome) => {
        // Who is paused or was killed hears of it later, or never.
        const note = (): void => {
          if (copy !== teller || endpoint.state === 'away') return;
          if (endpoint.state === 'paused') return world.after(STEP_EVERY_MS, note);
          if (outcome.kind === 'answer') teller.answered(peer, outcome.answer as Answer, clock());
          else teller.failed(peer, outcome.kind === 'absent', clock());
        };
        note();
      });
    }
  }

  function ids(isSure: boolean): ReadonlySet<string> {
    const held = copy.leases.instances(clock());
    return new Set(held.filter((one) => !isSure || one.isDoubtful !== true).map((one) => one.instanceId));
  }

  return {
    address,
    resumedAtMs: () => resumedAtMs,
    isUp: () => endpoint.state === 'up',
    isReady: () => copy.isReady(clock()),
    isPreserving: () => copy.leases.isPreserving(),
    named: () => ids(false),
    sure: () => ids(true),
    kill: () => (endpoint.state = 'away'),
    restart() {
      copy = begin();
      endpoint.state = 'up';
    },
    pause() {
      if (endpoint.state === 'up') endpoint.state = 'paused';
    },
    resume() {
      if (endpoint.state !== 'paused') return;
      endpoint.state = 'up';
      resumedAtMs = world.nowMs();
    },
  };
}
