export type Rate = { readonly triesMax: number; readonly windowMs: number };
export type Taken = { readonly kind: 'ok' } | { readonly kind: 'wait'; readonly retryAfterMs: number };

/** Counts tries by key in windows that begin with the first try. Of one process, gone with it; several processes let through as many times more. */
export type RateWindow = {
  take(key: string, nowMs: number): Taken;
  /** For tries that turned out to be good: only bad ones count. */
  giveBack(key: string): void;
};

/** Some 100 bytes each. When there are more, the oldest window is forgotten: a flood from so many sources must be stopped before us. */
const KEYS_MAX = 50_000;

export function rateWindow({ triesMax, windowMs }: Rate, keysMax = KEYS_MAX): RateWindow {
  const windows = new Map<string, { tries: number; readonly untilMs: number }>();
  return {
    take(key, nowMs) {
      let window = windows.get(key);
      if (window !== undefined && window.untilMs <= nowMs) {
        windows.delete(key);
        window = undefined;
      }
      if (window === undefined) {
        const [oldest] = windows.keys();
        if (windows.size >= keysMax && oldest !== undefined) windows.delete(oldest);
        window = { tries: 0, untilMs: nowMs + windowMs };
        windows.set(key, window);
      }
      if (window.tries >= triesMax) return { kind: 'wait', retryAfterMs: window.untilMs - nowMs };
      window.tries += 1;
      return { kind: 'ok' };
    },
    giveBack(key) {
      const window = windows.get(key);
      if (window !== undefined && window.tries > 0) window.tries -= 1;
    },
  };
}
