import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/**
 * Writes the TypeScript of every `.proto` beside it (`x.proto` → `x_pb.ts`). Run after changing a contract; the result is committed.
 * With `--check` nothing is written; it fails when something committed is not what would be generated.
 */
function main(): void {
  const root = resolve(import.meta.dirname, '../..');
  const check = process.argv.includes('--check');
  const contracts = globSync('{packages,services,cdn,edge}/*/contract/*.proto', { cwd: root }).sort();
  if (contracts.length === 0) throw new Error('found no contracts');
  const scratch = mkdtempSync(join(tmpdir(), 'bioscope-generate-'));
  try {
    const stale = contracts.filter((contract) => {
      const folder = join(root, dirname(contract));
      generateContract(root, folder, check ? scratch : folder);
      const generated = contract.replace(/\.proto$/, '_pb.ts');
      if (!check) process.stdout.write(`generated ${generated}\n`);
      return check && read(join(root, generated)) !== read(join(scratch, generated.slice(dirname(contract).length + 1)));
    });
    for (const contract of stale) process.stdout.write(`${contract} has changed since its code was generated: run npm run generate\n`);
    if (stale.length > 0) process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs buf on one contract folder. `root` is the checkout whose generator is used. */
export function generateContract(root: string, folder: string, out: string): void {
  const template = JSON.stringify({
    version: 'v2',
    plugins: [
      { local: join(root, 'node_modules/.bin/protoc-gen-es'), out: '.', opt: ['target=ts', 'import_extension=ts', 'erasable_syntax=true'] },
    ],
  });
  execFileSync(join(root, 'node_modules/.bin/buf'), ['generate', folder, '--template', template, '-o', out], { stdio: 'inherit' });
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

if (import.meta.main) main();
