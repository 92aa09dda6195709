/** 2001-09-09, and below that plus 2^28 seconds: all stamps lie in the past, as HTTP asks of a modification time. */
const STAMP_EPOCH_SECONDS = 1_000_000_000;

/**
 * The modification time, in whole seconds, that a checked file carries: derived from its checksum. So a file in place says which content
 * was checked, without a second record that could disagree; any later write changes it; and nginx, which makes its ETag of time and size,
 * answers the same ETag on every appliance.
 */
export function stampOf(sha256: string): number {
  return STAMP_EPOCH_SECONDS + Number.parseInt(sha256.slice(0, 7), 16);
}
