import type { RequestContext } from '@bioscope/rpc';

/** So much earlier than the caller stops waiting, for the way back. */
const WAY_BACK_MS = 250;

/** What the work comes to, or `otherwise` when the caller would not hear of it any more. The work goes on all the same; what it throws then is told to `failed`. */
export async function inTime<T>(
  {
    call,
    nowMs,
    failed,
  }: { readonly call: Pick<RequestContext, 'deadlineAtMs'>; readonly nowMs: number; readonly failed: (err: unknown) => void },
  work: Promise<T>,
  otherwise: T,
): Promise<T> {
  const late = Promise.withResolvers<T>();
  let isLate = false;
  const timer = setTimeout(
    () => {
      isLate = true;
      late.resolve(otherwise);
    },
    Math.max(0, call.deadlineAtMs - nowMs - WAY_BACK_MS),
  );
  work.catch((err: unknown) => {
    if (isLate) failed(err);
  });
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
