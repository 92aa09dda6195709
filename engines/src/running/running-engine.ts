import { setTimeout as pause } from 'node:timers/promises';
import type { EngineFolder } from './engine-folder.ts';
import type { EngineNode } from './server-process.ts';

/** Several servers that are one engine. */
export type Running<Addresses> = {
  /** What clients need; stays the same while nodes come and go. */
  readonly addresses: Addresses;
  readonly nodes: readonly EngineNode[];
  /** The folder of its files and logs. */
  readonly folder: string;
  /**
   * Ends all nodes, also paused ones, and resolves when no process of them is left; a temporary folder is then removed, so its servers are
   * killed at once. May be called again.
   */
  stop(): Promise<void>;
};

const LOOK_EVERY_MS = 200;

/** Starts all nodes at once; resolves when `together` says that they found each other. When that fails, nothing of them is left. */
export async function startTogether<Addresses>(options: {
  folder: EngineFolder;
  nodes: readonly EngineNode[];
  addresses: Addresses;
  together: () => Promise<boolean>;
  togetherDeadlineMs: number;
}): Promise<Running<Addresses>> {
  const { folder, nodes } = options;
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => (folder.temporary ? node.kill() : node.stop())));
    folder.close();
  };
  const running: Running<Addresses> = {
    addresses: options.addresses,
    nodes,
    folder: folder.path,
    stop: () => (stopped ??= stop()),
  };
  // All settle before anything is cleaned up: a start that is still under way would leave a process behind.
  const starts = await Promise.allSettled(nodes.map((node) => node.start()));
  const failed = starts.find((start) => start.status === 'rejected');
  if (failed !== undefined) {
    await running.stop();
    throw failed.reason;
  }
  const deadlineAtMs = performance.now() + options.togetherDeadlineMs;
  while (!(await options.together())) {
    if (performance.now() > deadlineAtMs) {
      await running.stop();
      throw new Error(`${nodes.map((node) => node.name).join(', ')} did not find each other in ${options.togetherDeadlineMs / 1000} s`);
    }
    await pause(LOOK_EVERY_MS);
  }
  return running;
}
