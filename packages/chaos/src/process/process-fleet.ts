import type { Fleet, Instance } from './fleet.ts';
import type { Pauses } from './pauses.ts';

/** What the supervisor of a deployment tells and does; the rest is signals. */
export type Supervisor = {
  /** `target`: the id of the process, negative where it leads a group that shall go with it; null while it is down. */
  list(): Promise<readonly (Omit<Instance, 'state'> & { readonly target: number | null })[]>;
  /** Keeps it from being started again for so long. */
  hold(id: string, leaseMs: number): Promise<void>;
  release(id: string): Promise<void>;
  restart(id: string): Promise<void>;
};

/** A fleet of processes of this machine. */
export function createProcessFleet({ supervisor, pauses }: { supervisor: Supervisor; pauses: Pauses }): Fleet {
  const paused = new Map<string, number>();

  async function targetOf(id: string): Promise<number | null> {
    const found = (await supervisor.list()).find((each) => each.id === id);
    if (found === undefined) throw new RangeError(`there is no process "${id}"`);
    return found.target;
  }

  async function kill(id: string): Promise<void> {
    const target = await targetOf(id);
    if (target === null) return;
    try {
      process.kill(target, 'SIGKILL');
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')) throw cause;
    }
  }

  return {
    async list() {
      const instances = await supervisor.list();
      return instances.map(({ target, ...instance }) => ({ ...instance, state: stateOf(target, paused.get(instance.id)) }));
    },
    kill,
    async hold(id, leaseMs) {
      // First the hold: else the supervisor might start it in between.
      await supervisor.hold(id, leaseMs);
      await kill(id);
    },
    release: (id) => supervisor.release(id),
    async pause(id, leaseMs) {
      const target = paused.get(id) ?? (await targetOf(id));
      if (target === null) return;
      paused.set(id, target);
      await pauses.pause(target, leaseMs);
    },
    async resume(id) {
      const target = paused.get(id);
      paused.delete(id);
      if (target !== undefined) await pauses.resume(target);
    },
    restart: (id) => supervisor.restart(id),
  };
}

function stateOf(target: number | null, pausedTarget: number | undefined): Instance['state'] {
  if (target === null) return 'down';
  return target === pausedTarget ? 'paused' : 'running';
}
