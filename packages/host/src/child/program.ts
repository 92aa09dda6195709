import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

/** The absolute path of a program, looked for in `path` (as in the PATH variable) unless it is absolute already; null when there is none. */
export function findProgram(command: string, path: string | undefined): string | null {
  if (isAbsolute(command)) return isExecutable(command) ? command : null;
  // sbin: daemons such as nginx live there, and the PATH of an ordinary Debian user does not name it.
  const folders = [...(path ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  for (const folder of folders) {
    if (folder === '') continue;
    const candidate = join(folder, command);
    if (isExecutable(candidate)) return candidate;
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
