/** Waits for the work, and every `everyMs` looks whether it is still worth waiting for; `giveUp` is to make the work fail. */
export async function waitImpatiently<Result>(
  work: Promise<Result>,
  { everyMs, isPointless, giveUp }: { everyMs: number; isPointless: () => Promise<boolean>; giveUp: () => void },
): Promise<Result> {
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    isPointless()
      .then(
        (pointless) => pointless && giveUp(),
        // Who cannot look keeps waiting: the work has a deadline of its own.
        () => {},
      )
      .finally(() => {
        looking = false;
      });
  }, everyMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
