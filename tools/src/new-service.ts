import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { generateContract } from './generate.ts';
import { serviceFiles } from './new-service/service-files.ts';

/** `npm run new:service NAME`: writes services/NAME in the anatomy that all services share, with a contract, a handler, a store and a test that pass. */
function main(): void {
  const [name = '', rootGiven] = process.argv.slice(2);
  const installation = resolve(import.meta.dirname, '../..');
  const root = rootGiven === undefined ? installation : resolve(rootGiven);
  const problem = problemWith(name, root);
  if (problem !== null) {
    process.stderr.write(`${problem}\nusage: npm run new:service NAME\n`);
    process.exitCode = 2;
    return;
  }
  const folder = join(root, 'services', name);
  for (const [path, text] of Object.entries(serviceFiles(name))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  generateContract(installation, join(folder, 'contract'), join(folder, 'contract'));
  // Where lines break depends on the length of the name.
  execFileSync(join(installation, 'node_modules/.bin/oxfmt'), [join('services', name)], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  process.stdout.write(
    `wrote services/${name}. Next: npm install, then describe in its README.md what it owns and promises, and host it in apps/cli.\n`,
  );
}

function problemWith(name: string, root: string): string | null {
  if (!/^[a-z][a-z0-9]{1,30}$/.test(name))
    return `"${name}" is no name for a service: use one word of lower-case letters and digits, a noun of the domain`;
  if (existsSync(join(root, 'services', name))) return `services/${name} exists already`;
  return null;
}

if (import.meta.main) main();
