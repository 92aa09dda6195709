/** Numbers on the wire between the store and its threads; both sides are of one release, so they may change. */
export const WRITE = {
  put: 1,
  deleteRange: 2,
  deleteKeys: 3,
  create: 10,
  compareAndSet: 11,
  remove: 12,
  acquireLease: 13,
  renewLease: 14,
  releaseLease: 15,
  append: 20,
  sweep: 30,
} as const;

export const READ = { getRange: 1, getKeys: 2, scan: 3, readRegister: 10, readStream: 20, readNamespace: 21 } as const;

/** Compares above every key: keys have at most 1 024 bytes. Lets one statement serve bounded and unbounded ranges. */
export const KEY_CEILING: Uint8Array = new Uint8Array(1_025).fill(0xff);
export const KEY_FLOOR: Uint8Array = new Uint8Array(0);
