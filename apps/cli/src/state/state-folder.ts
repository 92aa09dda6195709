import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { Complaint } from '../command.ts';

/** Makes the folder, for its owner only. Complains when it is a file or cannot be written. */
export function makeStateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
    accessSync(folder, constants.W_OK);
    // Secrets and films: also when the folder was there before.
    chmodSync(folder, 0o700);
  } catch (cause) {
    throw new Complaint(
      `cannot use the state folder ${folder}: ${cause instanceof Error ? cause.message : String(cause)}; choose another with --data DIR`,
      { cause },
    );
  }
}
