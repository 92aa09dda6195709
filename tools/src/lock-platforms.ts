import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Completes package-lock.json for machines of every kind. npm leaves out optional packages of other platforms when the registry it asked
 * does not serve them, and `npm ci` then refuses the lock everywhere. What is added is what such a package is known by: its
 * exact version, and the operating system, processor and C library in its name. With `--check` nothing is written; a gap fails.
 */
export type Lock = { packages: Record<string, LockEntry> };
export type LockEntry = {
  version?: string;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
};

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
/** Names of processors as they stand in package names, and as Node calls them. */
const CPU: Readonly<Record<string, string>> = {
  arm: 'arm',
  arm64: 'arm64',
  aarch64: 'arm64',
  armv7: 'arm',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
};

/** The entries that are missing, by their key in the lock. */
export function missingPlatforms(lock: Lock): Record<string, LockEntry> {
  const missing: Record<string, LockEntry> = {};
  for (const [place, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      // Packages of one platform are wanted in an exact version; ranges are something else.
      if (!/^\d+\.\d+\.\d+(?:[-+].*)?$/.test(version)) continue;
      const all = { ...lock.packages, ...missing };
      const found = places(place, name).find((each) => all[each] !== undefined);
      if (found !== undefined && all[found]?.version === version) continue;
      // Beside its user when another version has the place at the root.
      missing[found === undefined ? `node_modules/${name}` : `${place}/node_modules/${name}`] = {
        version,
        ...platformOf(name),
        optional: true,
      };
    }
  }
  return missing;
}

/** Where Node would look for a package, nearest first. */
function places(from: string, name: string): string[] {
  const folders = from.split('/node_modules/');
  const nested = folders.map((_, index) => `${folders.slice(0, folders.length - index).join('/node_modules/')}/node_modules/${name}`);
  return [...nested, `node_modules/${name}`];
}

export function platformOf(name: string): Pick<LockEntry, 'os' | 'cpu' | 'libc'> {
  const words = name.split(/[/-]/);
  const os = words.find((word) => OS.includes(word));
  const cpu = words.map((word) => CPU[word]).find((word) => word !== undefined);
  const musl = words.some((word) => word.startsWith('musl'));
  const gnu = words.some((word) => word.startsWith('gnu'));
  return {
    ...(cpu === undefined ? {} : { cpu: [cpu] }),
    ...(os === undefined ? {} : { os: [os] }),
    ...(os === 'linux' && (musl || gnu) ? { libc: [musl ? 'musl' : 'glibc'] } : {}),
  };
}

function main(): void {
  const file = join(resolve(import.meta.dirname, '../..'), 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
  const missing = missingPlatforms(lock);
  const names = Object.keys(missing);
  if (names.length === 0) return;
  if (process.argv.includes('--check')) {
    process.stderr.write(
      `package-lock.json lacks ${names.length} packages of other platforms, so that npm ci refuses it:\n  ${names.join('\n  ')}\nrun: npm run lock\n`,
    );
    process.exitCode = 1;
    return;
  }
  const packages = Object.fromEntries(Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
  process.stdout.write(`added ${names.length} packages of other platforms to package-lock.json\n`);
}

if (import.meta.main) main();
