import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@bioscope/rpc';
import type { ApplianceSchema, ControlService, ReportResponse } from '@bioscope/control/contract';
import type { Logger } from '@bioscope/telemetry';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ControlState } from './control-state.ts';
import { messageOf } from './files/faults.ts';

export type ReporterOptions = {
  readonly control: Pick<Client<typeof ControlService>, 'report'>;
  readonly log: Logger;
  look(): Promise<MessageInitShape<typeof ApplianceSchema>>;
  known(): ControlState;
  /** Takes what control answered; the next report waits for it. */
  learn(answer: ReportResponse): Promise<void>;
};

/** Tells control once a second, and at once when asked to, how this appliance is; learns the plan and the keys from the answers. */
export type Reporter = {
  poke(): void;
  /** When control last answered; null before the first time. */
  heardAtMs(): number | null;
  stop(): Promise<void>;
};

const REPORT_DEADLINE_MS = 2_000;
const REPORT_EVERY_MS = 1_000;
/** However much changes, control hears at most ten reports a second. */
const REPORT_PAUSE_MIN_MS = 100;
const REPORT_PAUSE_MAX_MS = 10_000;

export function startReporter(options: ReporterOptions): Reporter {
  const stopping = new AbortController();
  let poked = Promise.withResolvers<void>();
  let heardAtMs: number | null = null;
  let wasLost = false;

  async function report(): Promise<number> {
    const { planVersion, keysVersion } = options.known();
    try {
      const answer = await options.control.report(
        { appliance: await options.look(), knownPlanVersion: planVersion, knownKeysVersion: keysVersion },
        { deadlineMs: REPORT_DEADLINE_MS, idempotent: true, signal: stopping.signal },
      );
      heardAtMs = Date.now();
      if (wasLost) options.log.info({}, 'control answers again');
      wasLost = false;
      await options.learn(answer);
      return Math.min(REPORT_PAUSE_MAX_MS, Math.max(REPORT_PAUSE_MIN_MS, answer.nextReportMs));
    } catch (error) {
      if (!wasLost && !stopping.signal.aborted) {
        options.log.warn({ because: messageOf(error) }, 'control does not answer; serving goes on with its last plan and keys');
      }
      wasLost = true;
      return REPORT_EVERY_MS;
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      poked = Promise.withResolvers<void>();
      const waitMs = await report();
      await rest(REPORT_PAUSE_MIN_MS);
      await Promise.race([poked.promise, rest(waitMs - REPORT_PAUSE_MIN_MS)]);
    }
  }

  const rest = (ms: number): Promise<void> => pause(Math.max(0, ms), undefined, { signal: stopping.signal }).catch(() => undefined);

  const running = run();
  return {
    poke: () => poked.resolve(),
    heardAtMs: () => heardAtMs,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
