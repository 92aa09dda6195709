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

/** So many looks in a row without an answer from a running nginx, and it is killed to be started afresh. */
const SILENT_LOOKS_MAX = 5;

export function startWatch(options: WatchOptions): Watch {
  let last: Probe = { kind: 'ill', because: 'nginx is starting' };
  let silentLooks = 0;
  let looking: Promise<void> | null = null;
  let lookAgain = false;

  async function look(): Promise<void> {
    const probe = withKeysChecked(await options.server.probe(), options.keysVersion());
    silentLooks = probe.kind === 'ill' && probe.because.startsWith('nginx does not answer') ? silentLooks + 1 : 0;
    if (silentLooks >= SILENT_LOOKS_MAX) {
      silentLooks = 0;
      options.log.error({}, 'nginx runs but does not answer; it is started afresh');
      options.server.kill();
    }
    const isNews = probe.kind !== last.kind || (probe.kind === 'ill' && last.kind === 'ill' && probe.because !== last.because);
    last = probe;
    if (isNews) options.onChange();
  }

  function lookNow(): void {
    if (looking !== null) {
      lookAgain = true;
      return;
    }
    looking = look()
      .catch((error: unknown) => options.log.error({ err: error }, 'could not look after nginx'))
      .finally(() => {
        looking = null;
        if (!lookAgain) return;
        lookAgain = false;
        lookNow();
      });
  }

  options.server.onChange(lookNow);
  lookNow();
  const timer = setInterval(lookNow, options.everyMs);
  return {
    last: () => last,
    lookNow,
    async stop() {
      clearInterval(timer);
      lookAgain = false;
      await looking;
    },
  };
}

/** With other keys than everybody signs with, it would refuse every player. Shortly after a change this is normal. */
function withKeysChecked(probe: Probe, wanted: string): Probe {
  if (probe.kind === 'ill' || probe.status.keysVersion === wanted) return probe;
  return { kind: 'ill', because: 'nginx has not taken the new token keys yet' };
}
