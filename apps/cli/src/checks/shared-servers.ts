import type { EngineKind } from '@bioscope/engines';
import type { SharedEngines } from '@bioscope/engines/testing';

export type SharedServers = {
  readonly running: SharedEngines['running'];
  /** What did not start, and why. */
  readonly failed: SharedEngines['skipped'];
  stop(): Promise<void>;
};

/** Starts one single-node server of each kind in temporary folders, for the test files of one run. Never rejects. */
export async function startSharedServers(request: {
  kinds: readonly EngineKind[];
  environment: Readonly<Record<string, string | undefined>>;
  say: (line: string) => void;
}): Promise<SharedServers> {
  // Loads the drivers: only for this command.
  const { engineForTests } = await import('@bioscope/engines/testing');
  const failed: { [Kind in EngineKind]?: string } = {};
  const started = await Promise.all(
    request.kinds.map(async (kind) => {
      try {
        return { kind, engine: await engineForTests(kind, { alone: true, environment: request.environment, say: request.say }) };
      } catch (error) {
        failed[kind] = error instanceof Error ? error.message : String(error);
        return null;
      }
    }),
  );
  const running = started.filter((each) => each !== null);
  return {
    running: Object.fromEntries(running.map(({ kind, engine }) => [kind, engine.addresses])) as SharedEngines['running'],
    failed,
    stop: async () => {
      await Promise.allSettled(running.map(({ engine }) => engine.release()));
    },
  };
}
