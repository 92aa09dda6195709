import { setTimeout as pause } from 'node:timers/promises';

import type { Logger } from '@bioscope/telemetry';

/** What is needed of the registry's contract; packages do not depend on units. */
export type SchemaRegistry = {
  publish(
    request: { service: string; sdl: string; version: string },
    options?: { deadlineMs?: number; idempotent?: boolean; signal?: AbortSignal },
  ): Promise<{ readonly accepted: boolean; readonly reasons: readonly string[] }>;
};

const PUBLISH_MS = 10_000;
const PAUSE_FIRST_MS = 250;
/** A registry that is down is asked twice a minute; so is one that refused: what it lacked may have been published since. */
const PAUSE_MAX_MS = 30_000;

/** Publishes until the registry has accepted, or until closed. Never rejects; says once why it was refused. */
export function publishSchema(parts: {
  readonly registry: SchemaRegistry;
  readonly service: string;
  readonly sdl: string;
  readonly version: string;
  readonly log: Logger;
}): { close(): Promise<void> } {
  const closing = new AbortController();
  const running = publishUntilAccepted(parts, closing.signal);
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function publishUntilAccepted(parts: Parameters<typeof publishSchema>[0], closing: AbortSignal): Promise<void> {
  const { registry, log, ...schema } = parts;
  let told = '';
  for (let pauseMs = PAUSE_FIRST_MS; !closing.aborted; pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)) {
    const problem = await publishOnce(registry, schema, closing);
    if (problem === undefined || closing.aborted) return;
    if (problem !== told) log.warn({ service: schema.service, problem }, 'the schema is not part of the graph yet');
    told = problem;
    await pause(pauseMs, undefined, { signal: closing }).catch(() => undefined);
  }
}

async function publishOnce(
  registry: SchemaRegistry,
  schema: { service: string; sdl: string; version: string },
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { accepted, reasons } = await registry.publish(schema, { deadlineMs: PUBLISH_MS, idempotent: true, signal });
    return accepted ? undefined : reasons.join('\n');
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}
