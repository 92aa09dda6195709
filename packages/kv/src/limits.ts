/** Bounds of the port, the same for every engine. */
export const LIMITS = {
  nameBytesMax: 512,
  keyBytesMax: 1_024,
  valueBytesMax: 16 * 1024 * 1024,
  itemsPerPutMax: 1_000,
  /** Of keys and values: what one transaction, one message and one answer may hold in memory. */
  putBytesMax: 64 * 1024 * 1024,
  keysPerSelectionMax: 1_000,
  pageItemsDefault: 1_000,
  pageItemsMax: 10_000,
  pageBytesDefault: 1024 * 1024,
  pageBytesMax: 16 * 1024 * 1024,
  registerBytesMax: 64 * 1024,
  eventsPerAppendMax: 100,
  eventBytesMax: 256 * 1024,
  /** Of one append: Paxos writes a proposal three times over, and no mutation may be larger than half a commit log segment. */
  appendBytesMax: 4 * 1024 * 1024,
  eventsPerReadMax: 1_000,
  /** A token further ahead of the engine's clock would make its item unwritable until that time. */
  tokenAheadMsMax: 24 * 60 * 60 * 1000,
  /** How long a deleted item, a removed register and a command's answer are remembered. */
  graceMs: 24 * 60 * 60 * 1000,
  leaseMsMax: 7 * 24 * 60 * 60 * 1000,
  /** A hundred years: longer is a mistake in units. */
  ttlMsMax: 100 * 366 * 24 * 60 * 60 * 1000,
} as const;
