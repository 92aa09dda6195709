/** Aborts at the first Ctrl-C, instead of ending the process. The second one ends it. */
export function processInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new Error('interrupted')));
  return controller.signal;
}
