import type { ServeLimits } from './port.ts';

/** What one service takes: how large a message may be, and how much may be under way. */
export type Room = {
  readonly messageBytesMax: number;
  /** False: whatever comes is let in, so that nobody need count its bytes. */
  readonly isBounded: boolean;
  /** False when there is no room; else `leave` with the same number follows. */
  enter(bytes: number): boolean;
  leave(bytes: number): void;
};

/** The largest message unless a service says otherwise: artwork as base64 in JSON (twice 2 MiB) and the edition of a ten-hour film fit with room to spare. */
export const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

/** Counts calls, and the bytes of their requests before they are read, so that memory is refused before it is taken. */
export function createRoom(limits: ServeLimits): Room {
  const { messageBytesMax = MESSAGE_BYTES_MAX, bytesUnderWayMax = Infinity, callsUnderWayMax = Infinity } = limits;
  let calls = 0;
  let bytesUnderWay = 0;
  return {
    messageBytesMax,
    isBounded: bytesUnderWayMax < Infinity || callsUnderWayMax < Infinity,
    enter(bytes) {
      if (calls >= callsUnderWayMax || bytesUnderWay + bytes > bytesUnderWayMax) return false;
      calls += 1;
      bytesUnderWay += bytes;
      return true;
    },
    leave(bytes) {
      calls -= 1;
      bytesUnderWay -= bytes;
    },
  };
}
