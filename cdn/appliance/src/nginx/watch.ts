import type { Logger } from '@bioscope/telemetry';
import type { ByteServer, Probe } from './byte-server.ts';

export type WatchOptions = {
  readonly server: Pick<ByteServer, 'probe' | 'kill' | 'onChange'>;
  readonly log: Logger;
  /** The token keys that should be in force. */
  keysVersion(): string;
  readonly everyMs: number;
  /** Told when the verdict changed. */
  onChange(): void;
};

/** Keeps an eye on nginx: asks it regularly, and at once when it is said to have changed. */
export type Watch = {
  last(): Probe;
  lookNow(): void;
  stop(): Promise<void>;
};

/** While it is ill: right after a start this is how soon players are sent here. */
const LOOK_AGAIN_MS = 100;
/** An nginx that runs and has not answered for this long is killed, to be started afresh. */
const SILENT_MS_MAX = 8_000;

export function startWatch(options: WatchOptions): Watch {
  let last: Probe = { kind: 'ill', isSilent: false, because: 'nginx is starting' };
  let silentSinceMs: number | null = null;
  let looking: Promise<void> | null = null;
  let lookAgain = false;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function look(): Promise<void> {
    const probe = withKeysChecked(await options.server.probe(), options.keysVersion());
    if (probe.kind === 'ill' && probe.isSilent) silentSinceMs ??= performance.now();
    else silentSinceMs = null;
    if (silentSinceMs !== null && performance.now() - silentSinceMs > SILENT_MS_MAX) {
      silentSinceMs = null;
      options.log.error({}, 'nginx runs but does not answer; it is started afresh');
      options.server.kill();
    }
    const isNews = probe.kind !== last.kind || (probe.kind === 'ill' && last.kind === 'ill' && probe.because !== last.because);
    last = probe;
    if (isNews) options.onChange();
  }

  function lookNow(): void {
    if (isStopped) return;
    if (looking !== null) {
      lookAgain = true;
      return;
    }
    clearTimeout(timer);
    looking = look()
      .catch((error: unknown) => options.log.error({ err: error }, 'could not look after nginx'))
      .finally(() => {
        looking = null;
        if (isStopped) return;
        timer = setTimeout(lookNow, lookAgain ? 0 : last.kind === 'well' ? options.everyMs : LOOK_AGAIN_MS);
        lookAgain = false;
      });
  }

  options.server.onChange(lookNow);
  lookNow();
  return {
    last: () => last,
    lookNow,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await looking;
    },
  };
}

/** With other keys than everybody signs with, it would refuse every player. Shortly after a change this is normal. */
function withKeysChecked(probe: Probe, wanted: string): Probe {
  if (probe.kind === 'ill' || probe.status.keysVersion === wanted) return probe;
  return { kind: 'ill', isSilent: false, because: 'nginx has not taken the new token keys yet' };
}
