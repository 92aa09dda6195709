import { EVERYWHERE, type OfferedWindow } from '@bioscope/catalog/contract';

/** Whether a title is offered somewhere, now. "depends": on the country, which is not known. */
export const OFFER_STATES = ['open', 'later', 'over', 'elsewhere', 'depends'] as const;
export type OfferState = (typeof OFFER_STATES)[number];

/** Until `changesAtMs` the state stays as it is; 0: for ever. */
export type Offer = { readonly state: OfferState; readonly changesAtMs: number };

/**
 * Agrees with `isOffered` of the catalog for every known country. An unknown one ('') is not taken for one that has no windows of its own: it has what
 * every country has.
 */
export function offerIn(windows: readonly OfferedWindow[], { country, atMs }: { country: string; atMs: number }): Offer {
  if (country !== '') return offerAmong(windowsOf(windows, country), atMs);
  const places = new Set([EVERYWHERE, ...windows.map((window) => window.country)]);
  const offers = [...places].map((place) => offerAmong(windowsOf(windows, place), atMs));
  const changesAtMs = earliest(offers.map((offer) => offer.changesAtMs));
  const [first, ...others] = offers.map(({ state }) => state);
  return { state: first !== undefined && others.every((state) => state === first) ? first : 'depends', changesAtMs };
}

function windowsOf(windows: readonly OfferedWindow[], country: string): readonly OfferedWindow[] {
  const own = windows.filter((window) => window.country === country);
  return own.length > 0 ? own : windows.filter((window) => window.country === EVERYWHERE);
}

function offerAmong(windows: readonly OfferedWindow[], atMs: number): Offer {
  const endless = windows.filter(({ fromMs, untilMs }) => untilMs === 0 || untilMs > fromMs);
  const open = endless.filter(({ fromMs, untilMs }) => fromMs <= atMs && (untilMs === 0 || atMs < untilMs));
  if (open.length > 0) return { state: 'open', changesAtMs: earliest(open.map(({ untilMs }) => untilMs)) };
  const next = earliest(endless.map(({ fromMs }) => (fromMs > atMs ? fromMs : 0)));
  if (next > 0) return { state: 'later', changesAtMs: next };
  return { state: endless.length > 0 ? 'over' : 'elsewhere', changesAtMs: 0 };
}

/** Zeros are "never". */
export function earliest(times: readonly number[]): number {
  const some = times.filter((time) => time > 0);
  return some.length === 0 ? 0 : Math.min(...some);
}
