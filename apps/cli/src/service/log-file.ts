import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** One file of this size and one before it: enough to look back some days, and never a full disk. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

export type LogFile = { write(line: string): void; close(): void };

/** Appends lines, and begins anew when the file is full; the one before is kept as `<file>.1`. A disk that is full loses log lines, not the service. */
export function openLogFile(file: string, bytesMax: number = FILE_BYTES_MAX): LogFile {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let handle = openSync(file, 'a', 0o600);
  let bytes = fstatSync(handle).size;
  return {
    write(line) {
      try {
        if (bytes >= bytesMax) {
          closeSync(handle);
          renameSync(file, `${file}.1`);
          handle = openSync(file, 'a', 0o600);
          bytes = 0;
        }
        bytes += writeSync(handle, line);
      } catch {
        // Nowhere to tell it: this is where troubles are told.
      }
    },
    close: () => closeSync(handle),
  };
}
