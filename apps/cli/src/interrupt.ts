/** Aborts at the first Ctrl-C or SIGTERM, instead of ending the process. The second one ends it. */
export function processInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort(new Error('interrupted')));
  return controller.signal;
}
