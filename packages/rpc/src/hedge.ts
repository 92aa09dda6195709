import type { Outcome } from './wire/wires.ts';

/** A call that is on its way. */
export type UnderWay = {
  readonly outcome: Promise<Outcome>;
  /** Nobody waits for it any more: it ends as broken. */
  giveUp(): void;
};

/**
 * The first answer of two: the second is sent when the first has not come after `afterMs`, if `second` gives one. The one that is not needed is given up.
 * After "The Tail at Scale" (Dean and Barroso 2013). Never rejects by itself.
 */
export async function hedge(needs: {
  readonly first: UnderWay;
  readonly afterMs: number;
  readonly second: () => UnderWay | undefined;
}): Promise<{ readonly outcome: Outcome; readonly isFirst: boolean }> {
  const { first, afterMs } = needs;
  const early = await withTimer(first.outcome, afterMs);
  if (early !== undefined) return { outcome: early, isFirst: true };
  const second = needs.second();
  if (second === undefined) return { outcome: await first.outcome, isFirst: true };
  const winner = await Promise.race([
    first.outcome.then((outcome) => ({ outcome, isFirst: true })),
    second.outcome.then((outcome) => ({ outcome, isFirst: false })),
  ]);
  const loser = winner.isFirst ? second : first;
  // Who breaks off first has not won.
  if (winner.outcome.kind === 'broken') return { outcome: await loser.outcome, isFirst: !winner.isFirst };
  loser.giveUp();
  return winner;
}

/** Undefined when the time passes first. */
function withTimer<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms, undefined);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
