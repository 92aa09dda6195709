import { KvFault } from '@bioscope/kv';

export type Room = { enter(bytes: number, deadlineMs: number): Promise<() => void>; close(): void };

/** Admits publications while their bytes fit; the others wait in line, at most until their deadline. */
export function createRoom(bytesMax: number): Room {
  let taken = 0;
  let line: { bytes: number; admit: () => void; refuse: (fault: KvFault) => void }[] = [];

  function leave(bytes: number): void {
    taken -= bytes;
    for (const waiting of line) {
      if (taken > 0 && taken + waiting.bytes > bytesMax) return;
      line = line.filter((other) => other !== waiting);
      waiting.admit();
    }
  }

  return {
    async enter(bytes, deadlineMs) {
      if (line.length > 0 || (taken > 0 && taken + bytes > bytesMax)) {
        await new Promise<void>((resolve, reject) => {
          const late = new KvFault('KV_UNAVAILABLE', 'too much waits to be published already');
          const timer = setTimeout(() => waiting.refuse(late), Math.max(0, deadlineMs - performance.now()));
          const waiting = {
            bytes,
            admit: () => {
              clearTimeout(timer);
              taken += bytes;
              resolve();
            },
            refuse: (fault: KvFault) => {
              clearTimeout(timer);
              line = line.filter((other) => other !== waiting);
              reject(fault);
            },
          };
          line.push(waiting);
        });
      } else {
        taken += bytes;
      }
      return () => leave(bytes);
    },
    close() {
      for (const waiting of line) waiting.refuse(new KvFault('KV_CLOSED', 'the log is closed'));
    },
  };
}
