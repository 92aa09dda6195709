import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Writes the TypeScript of every `.proto` beside it (`x.proto` → `x_pb.ts`). Run after changing a contract; the result is committed. */
const root = resolve(import.meta.dirname, '../..');
const template = JSON.stringify({
  version: 'v2',
  plugins: [
    { local: join(root, 'node_modules/.bin/protoc-gen-es'), out: '.', opt: ['target=ts', 'import_extension=ts', 'erasable_syntax=true'] },
  ],
});
for (const file of globSync('{packages,services,cdn,edge}/*/contract/*.proto', { cwd: root })) {
  const folder = join(root, dirname(file));
  execFileSync(join(root, 'node_modules/.bin/buf'), ['generate', folder, '--template', template, '-o', folder], { stdio: 'inherit' });
  process.stdout.write(`generated ${file}\n`);
}
