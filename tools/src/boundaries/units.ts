import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Lower may not import higher. `development` starts servers for tests; `top` is whoever starts or checks things. */
export const LAYERS = ['packages', 'services', 'apps', 'development', 'top'] as const;
export type Layer = (typeof LAYERS)[number];

/** A workspace package. */
export type UnitFolder = {
  /** `@bioscope/catalog`. */
  readonly name: string;
  /** Relative to the root: `services/catalog`. */
  readonly folder: string;
  readonly layer: Layer;
  /** What `package.json` exports: `.`, `./contract` … */
  readonly exports: readonly string[];
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
};

export function readUnits(root: string): UnitFolder[] {
  return globSync('{packages,services,cdn,edge,apps}/*/package.json', { cwd: root })
    .concat(['bench/package.json', 'engines/package.json', 'test/package.json', 'tools/package.json'])
    .sort()
    .map((file) => unitOf(dirname(file), JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest));
}

export type Manifest = {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};

export function unitOf(folder: string, manifest: Manifest): UnitFolder {
  return {
    name: manifest.name,
    folder,
    layer: layerOf(folder),
    exports: Object.keys(manifest.exports ?? {}),
    dependencies: new Set(Object.keys(manifest.dependencies ?? {})),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
  };
}

function layerOf(folder: string): Layer {
  if (folder.startsWith('packages/')) return 'packages';
  if (folder.startsWith('services/') || folder.startsWith('edge/') || folder.startsWith('cdn/')) return 'services';
  if (folder === 'engines') return 'development';
  // The command hosts units; benches, tests and tools look at everything.
  return folder.startsWith('apps/') && folder !== 'apps/cli' ? 'apps' : 'top';
}
