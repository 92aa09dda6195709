import type { EngineKind } from '@bioscope/engines';

const KINDS = ['cassandra', 'kafka', 's3'] as const satisfies readonly EngineKind[];

export type EnginePlan = {
  /** Relative paths, in the order given. */
  readonly onEngines: readonly string[];
  readonly others: readonly string[];
  /** Shared servers to start before the tests on engines. */
  readonly start: readonly EngineKind[];
  /** Why tests on an engine do not run. */
  readonly skipped: { readonly [Kind in EngineKind]?: string };
};

/**
 * Which files need servers, and whether they get them. A file says so by its path: words of it are `cassandra`, `kafka` or `s3`, or just
 * `engines` for all three; those in the folder `engines` start their own. Servers cost minutes, so that they are for the long runs and for patterns
 * that name an engine.
 */
export function planEngines(request: {
  files: readonly string[];
  all: boolean;
  patterns: readonly string[];
  missing: (kind: EngineKind) => string | null;
}): EnginePlan {
  const onEngines = request.files.filter(isOnEngines);
  const asked = request.all || request.patterns.some(isOnEngines);
  const needed = KINDS.filter((kind) => onEngines.some((file) => sharedEngines(file).includes(kind)));
  const skipped: { [Kind in EngineKind]?: string } = {};
  for (const kind of KINDS) {
    const reason = asked ? request.missing(kind) : `not in the everyday run: ./bioscope test --all, or ./bioscope test ${kind}`;
    if (reason !== null) skipped[kind] = reason;
  }
  return {
    onEngines,
    others: request.files.filter((file) => !isOnEngines(file)),
    start: asked ? needed.filter((kind) => skipped[kind] === undefined) : [],
    skipped,
  };
}

/** What the other test files are told, so that none starts servers beside the plan. */
export function skippedElsewhere(): EnginePlan['skipped'] {
  return Object.fromEntries(
    KINDS.map((kind) => [kind, `the file's path does not name ${kind}: see "bioscope test" in apps/cli/README.md`]),
  );
}

function isOnEngines(path: string): boolean {
  const words = wordsOf(path);
  return words.includes('engines') || KINDS.some((kind) => words.includes(kind));
}

function sharedEngines(file: string): readonly EngineKind[] {
  if (file.startsWith('engines/')) return [];
  const words = wordsOf(file);
  const named = KINDS.filter((kind) => words.includes(kind));
  return named.length === 0 && words.includes('engines') ? KINDS : named;
}

function wordsOf(path: string): string[] {
  return path.toLowerCase().split(/[^a-z0-9]+/);
}
