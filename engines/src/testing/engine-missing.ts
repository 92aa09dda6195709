import { longRuns, processEnvironment } from '../config.ts';
import type { Environment } from '../config.ts';
import type { EngineKind } from '../kinds.ts';
import { missingFor } from '../setup/missing-for.ts';
import { readSharedEngines } from './shared-engines.ts';

/**
 * For node:test's `skip`: false when tests may use the engine, else the visible reason. `nodes: 3` says that they need a cluster of their
 * own, which takes a minute to start: those belong to the long runs, also when one file is run by hand (`BIOSCOPE_TEST_ALL=1`).
 */
export function engineMissing(
  kind: EngineKind,
  options: { readonly nodes?: 1 | 3 } = {},
  environment: Environment = processEnvironment(),
): string | false {
  const shared = readSharedEngines(environment);
  const reason = shared?.skipped[kind];
  if (reason !== undefined) return reason;
  if (options.nodes === 3 && !longRuns(environment)) return `three ${kind} nodes: ./bioscope test --all, or BIOSCOPE_TEST_ALL=1`;
  if (options.nodes !== 3 && shared?.running[kind] !== undefined) return false;
  return missingFor(kind, environment) ?? false;
}
