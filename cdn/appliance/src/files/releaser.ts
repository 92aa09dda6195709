import type { Logger } from '@bioscope/telemetry';
import { surplusFiles, type Wanted } from '../domain/difference.ts';
import type { FileStore } from './file-store.ts';

export type ReleaserOptions = {
  readonly files: FileStore;
  readonly log: Logger;
  wanted(): readonly Wanted[];
  /** Before control has said anything, nothing is known to be unwanted. */
  isPlanKnown(): boolean;
  readonly graceMs: number;
  now(): number;
};

const LOOK_EVERY_MS = 1_000;

/** Deletes files that the plan has not held for the grace time: whoever is just watching gets to another appliance or edition first. */
export function startReleaser(options: ReleaserOptions): { stop(): Promise<void> } {
  const unwantedSinceMs = new Map<string, number>();
  let working: Promise<void> | null = null;

  async function look(): Promise<void> {
    if (!options.isPlanKnown()) return;
    const surplus = surplusFiles(options.wanted(), options.files.held());
    const names = new Set(surplus.map(({ editionId, name }) => `${editionId}/${name}`));
    for (const name of unwantedSinceMs.keys()) if (!names.has(name)) unwantedSinceMs.delete(name);
    for (const key of surplus) {
      const name = `${key.editionId}/${key.name}`;
      const sinceMs = unwantedSinceMs.get(name) ?? options.now();
      unwantedSinceMs.set(name, sinceMs);
      if (options.now() - sinceMs < options.graceMs) continue;
      await options.files.delete(key);
      options.log.info({ file: name }, 'deleted a file that is no longer wanted');
    }
    await options.files.sweepPartials(({ editionId, name }) =>
      options.wanted().some((edition) => edition.editionId === editionId && edition.files.some((file) => file.name === name)),
    );
  }

  const timer = setInterval(() => {
    working ??= look()
      .catch((error: unknown) => options.log.error({ err: error }, 'could not delete files that are no longer wanted'))
      .finally(() => (working = null));
  }, LOOK_EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await working;
    },
  };
}
