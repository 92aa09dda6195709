import { createNearestCopy } from '../../src/domain/nearest-copy.ts';
import type { Statement } from '../../src/domain/statement.ts';
import type { Network } from './network.ts';
import type { Heard, Request } from './simulated-copy.ts';
import type { World } from './world.ts';

export type SimulatedProcess = {
  readonly instanceId: string;
  readonly zone: string;
  /** Undefined while it lives. */
  endedAtMs(): number | undefined;
  /** When a copy first took its lease. */
  knownSinceMs(): number | undefined;
  die(): void;
  withdraw(): void;
};

const LEASE_MS = 3_000;
const RENEW_EVERY_MS = 1_000;
const RETRY_MS = 50;
const NEARER_EVERY_MS = 3_000;
const DEADLINE_MS = 600;

/** Does what `renewLeases` does, without the network of this machine. */
export function startProcess(
  world: World,
  network: Network,
  about: { instanceId: string; zone: string; address: string; copies: readonly { address: string; zone: string }[] },
): SimulatedProcess {
  const { instanceId, zone, address } = about;
  const instance = { service: 'playback', instanceId, address, zone, region: 'local', load: 0 };
  const copies = about.copies.map((copy) => ({ ...instance, service: 'discovery', instanceId: copy.address, ...copy }));
  const nearest = createNearestCopy({ copies: () => copies, zone, region: 'local' });
  let sequence = 0;
  let ended: number | undefined;
  let known: number | undefined;

  function say(at: string, statement: Statement | undefined, told: (heard: Heard | undefined) => void): void {
    network.call(address, at, { kind: 'said', statement } satisfies Request, DEADLINE_MS, (outcome) =>
      told(outcome.kind === 'answer' ? (outcome.answer as Heard) : undefined),
    );
  }

  function renew(): void {
    if (ended !== undefined) return;
    sequence += 1;
    const beganMs = world.nowMs();
    const at = nearest.current(beganMs) ?? '';
    const statement: Statement = { kind: 'present', instance, sequence, leaseMs: LEASE_MS, leftMs: LEASE_MS };
    say(at, statement, (heard) => {
      if (heard?.isReady !== true) nearest.leave(at, world.nowMs());
      const other = heard?.cutOffFrom[sequence % heard.cutOffFrom.length];
      if (other !== undefined) say(other, statement, () => undefined);
      if (heard !== undefined) known ??= world.nowMs();
      world.after(heard === undefined ? RETRY_MS : Math.max(RETRY_MS, beganMs + RENEW_EVERY_MS - world.nowMs()), renew);
    });
  }

  function tryNearer(): void {
    const [nearer] = nearest.nearer();
    if (nearer === undefined || ended !== undefined) return;
    say(nearer, undefined, (heard) => heard?.isReady === true && nearest.comeBack(nearer));
  }

  function withdraw(attempts: number): void {
    sequence += 1;
    const at = nearest.current(world.nowMs()) ?? '';
    say(at, { kind: 'withdrawn', service: instance.service, instanceId, sequence, leftMs: 60_000 }, (heard) => {
      if (heard !== undefined || attempts === 1) return;
      nearest.leave(at, world.nowMs());
      withdraw(attempts - 1);
    });
  }

  world.after(world.random() * RENEW_EVERY_MS, renew);
  world.every(NEARER_EVERY_MS, tryNearer);
  return {
    instanceId,
    zone,
    endedAtMs: () => ended,
    knownSinceMs: () => known,
    die: () => (ended ??= world.nowMs()),
    withdraw() {
      if (ended !== undefined) return;
      ended = world.nowMs();
      withdraw(3);
    },
  };
}
