import type { Logger } from '@bioscope/telemetry';
import type { CourseEvent } from './domain/course.ts';

/** One line for each thing that a run does. */
export function logEvent(log: Logger, event: CourseEvent): void {
  switch (event.type) {
    case 'run.begun':
      return log.warn(
        { run: event.id, region: event.region, reason: event.reason, by: event.by },
        `${event.kind} of region ${event.region} begins${event.by === '' ? ' by itself' : ''}`,
      );
    case 'run.stepped':
      return log.info({ run: event.runId, step: event.kind, weight: event.weight, bridgeShare: event.bridgeShare }, event.text);
    case 'run.ended':
      return log.warn({ run: event.runId, outcome: event.outcome, verification: event.verification }, `run ended: ${event.outcome}`);
    case 'region.relieved':
      return log.info({ region: event.region, relief: event.relief }, event.text);
    default:
      return event satisfies never;
  }
}
