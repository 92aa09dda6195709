export type NextOffer =
  | { readonly kind: 'none' }
  /** The next episode starts by itself in so many seconds of the film. */
  | { readonly kind: 'offered'; readonly secondsLeft: number }
  | { readonly kind: 'go' };

/** How long before the end, at most: what comes then are credits. Of short films a tenth. */
const OFFERED_MS_MAX = 20_000;
const OFFERED_SHARE_MAX = 0.1;

type Playing = { readonly positionMs: number; readonly durationMs: number; readonly ended: boolean };

/** Whether the next episode is offered, or due. Who has said "not now" is left alone, also at the end. */
export function nextOffer({ positionMs, durationMs, ended }: Playing, declined: boolean): NextOffer {
  if (declined) return { kind: 'none' };
  if (ended) return { kind: 'go' };
  const leftMs = durationMs - positionMs;
  if (durationMs <= 0 || leftMs > Math.min(OFFERED_MS_MAX, durationMs * OFFERED_SHARE_MAX)) return { kind: 'none' };
  return { kind: 'offered', secondsLeft: Math.max(0, Math.ceil(leftMs / 1000)) };
}
