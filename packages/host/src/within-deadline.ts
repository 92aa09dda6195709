/** Rejects with `message` when the work takes longer; the work itself goes on, and its late failure is ignored. */
export async function withinDeadline<T>(work: Promise<T>, deadlineMs: number, message: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(message)), Math.max(0, deadlineMs));
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
