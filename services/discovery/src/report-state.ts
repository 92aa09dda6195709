import type { Logger, Metrics } from '@bioscope/telemetry';
import type { Directory } from './directory.ts';

/** Counting goes over all instances. */
const EVERY_MS = 1_000;

/** Keeps the metrics of this copy, and says when it begins and ends to preserve. */
export function reportState({ directory, metrics, log }: { directory: Directory; metrics: Metrics; log: Logger }): void {
  const { leases } = directory.copy;
  const instances = metrics.gauge(
    'bioscope_discovery_instances',
    'Instances with a lease (sure), and kept although theirs ended (doubtful).',
    ['state'],
  );
  const preserving = metrics.gauge('bioscope_discovery_preserving', '1 while nobody is forgotten because too many fell silent at once.');
  let wasPreserving = false;
  let countedAtMs = -EVERY_MS;
  directory.onNews(() => {
    const nowMs = directory.nowMs();
    if (leases.isPreserving() !== wasPreserving) {
      wasPreserving = !wasPreserving;
      if (wasPreserving) log.warn({}, 'too many processes fell silent at once: nobody is forgotten until this is over');
      else log.info({}, 'processes renew their leases again: those who do not are forgotten');
    }
    if (nowMs - countedAtMs < EVERY_MS) return;
    countedAtMs = nowMs;
    const all = leases.instances(nowMs);
    const doubtful = all.filter((instance) => instance.isDoubtful === true).length;
    instances.set({ state: 'sure' }, all.length - doubtful);
    instances.set({ state: 'doubtful' }, doubtful);
    preserving.set({}, wasPreserving ? 1 : 0);
  });
}
