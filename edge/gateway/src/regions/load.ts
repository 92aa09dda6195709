import { HOST_CLASSES } from '../exchange.ts';
import type { HostClass } from '../exchange.ts';

/** 0 idle to 1 saturated, since the last time it was asked: the event loop's busy share, or the fullest virtual host's, whichever is more. */
export function createLoad({ underWay }: { underWay: (host: HostClass) => number }): () => number {
  let usage = performance.eventLoopUtilization();
  return () => {
    const since = performance.eventLoopUtilization(usage);
    usage = performance.eventLoopUtilization();
    return Math.min(Math.max(since.utilization, ...HOST_CLASSES.map(underWay)), 1);
  };
}
