import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { superviseChild, type ChildState } from '@bioscope/host';
import type { SegmentTokenKey } from '@bioscope/control/contract';
import type { Logger } from '@bioscope/telemetry';
import { messageOf } from '../files/faults.ts';
import { grantsFolderOf, nginxConfiguration, tokenCheckSettings, type NginxSettings } from './configuration.ts';
import { clearGrants, sweepGrants } from './grants.ts';
import { rotateLog, type LogBounds } from './logs.ts';
import { askStatusPage, type NginxStatus } from './status-page.ts';
import { troubleInLine } from './stderr.ts';

export type ByteServerOptions = {
  readonly name: string;
  readonly settings: Omit<NginxSettings, 'statusSecret' | 'keysVersion'>;
  readonly keys: TokenKeySet;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logs: LogBounds;
  readonly log: Logger;
};

export type TokenKeySet = { readonly version: string; readonly keys: readonly SegmentTokenKey[] };

export type Probe =
  | { readonly kind: 'well'; readonly status: NginxStatus }
  /** `isSilent`: it runs, and gives no answer. */
  | { readonly kind: 'ill'; readonly because: string; readonly isSilent: boolean };

/** A running nginx that is started again whenever it ends. */
export type ByteServer = {
  /** Resolves when the new keys are written and nginx was told; transfers go on. The status page shows when they are in force. */
  useKeys(keys: TokenKeySet): Promise<void>;
  probe(): Promise<Probe>;
  /** Calls back at once when nginx ended or came back. */
  onChange(listener: () => void): void;
  /** Takes away the grants of expired tokens and bounds the logs. To be called every second: so late an expired token may still be served. */
  tidy(): Promise<void>;
  /** Kills an nginx that runs and does not answer; it is started again. */
  kill(): void;
  stop(): Promise<void>;
};

/** The token check for njs. */
export const TOKEN_CHECK_FILE: string = fileURLToPath(new URL('token.js', import.meta.url));

/** Players leave a silent server after 3 s: it must be known as ill before that. */
const PROBE_DEADLINE_MS = 1_500;
const STOP_DEADLINE_MS = 5_000;
const START_DEADLINE_MS = 5_000;
const START_LOOK_EVERY_MS = 20;

export async function startByteServer(options: ByteServerOptions): Promise<ByteServer> {
  const { folder } = options.settings;
  const secret = randomBytes(16).toString('hex');
  let problem: string | null = null;
  let state: ChildState | null = null;
  const listeners: (() => void)[] = [];

  for (const name of ['.', 'tmp/body', 'tmp/proxy', 'tmp/fastcgi', 'tmp/uwsgi', 'tmp/scgi']) {
    await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  }
  await copyFile(TOKEN_CHECK_FILE, join(folder, 'token.js'));
  await clearGrants(grantsFolderOf(folder));
  let { keys } = options;
  await writeConfiguration(keys);

  async function writeConfiguration({ version, keys }: TokenKeySet): Promise<void> {
    await replaceFile(join(folder, 'settings.json'), tokenCheckSettings(options.settings, keys));
    await replaceFile(join(folder, 'nginx.conf'), nginxConfiguration({ ...options.settings, statusSecret: secret, keysVersion: version }));
  }

  const child = await superviseChild({
    name: options.name,
    command: 'nginx',
    args: ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'],
    env: { PATH: options.environment['PATH'] },
    recordFolder: join(folder, 'pid'),
    // An appliance without its nginx is useless: it is tried for ever, at least every five seconds.
    restart: { attemptsMax: Number.MAX_SAFE_INTEGER, backoffMinMs: 100, backoffMaxMs: 5_000, stableAfterMs: 30_000 },
    // Transfers under way are not waited for: players go on elsewhere within a second.
    stopSignal: 'SIGTERM',
    stopDeadlineMs: STOP_DEADLINE_MS,
    onLine(line) {
      options.log.warn({ line }, 'nginx says');
      problem = troubleInLine(line) ?? problem;
    },
    onChange(next) {
      state = next;
      if (next.kind === 'waiting')
        options.log.error({ exit: next.exit, restartInMs: next.restartInMs }, 'nginx ended; it is started again');
      for (const listener of listeners) listener();
    },
  });

  /**
   * A signal before nginx handles signals would end it; it handles them once its pid file says who it is. An nginx that has not come so far within the
   * deadline, or is not there, reads the new settings when it starts.
   */
  async function tell(signal: NodeJS.Signals): Promise<void> {
    const untilMs = Date.now() + START_DEADLINE_MS;
    while (child.pid() !== null && (await pidIn(join(folder, 'nginx.pid'))) !== child.pid()) {
      if (Date.now() > untilMs) return options.log.warn({ signal }, 'nginx was not told: it does not come up');
      await pause(START_LOOK_EVERY_MS);
    }
    child.signal(signal);
  }

  return {
    async useKeys(next) {
      keys = next;
      await writeConfiguration(keys);
      await tell('SIGHUP');
    },
    async probe() {
      if (state?.kind !== 'running') return { kind: 'ill', isSilent: false, because: problem ?? 'nginx is down' };
      const { address, port } = options.settings;
      try {
        const status = await askStatusPage({ address, port, secret, deadlineMs: PROBE_DEADLINE_MS });
        problem = null;
        return { kind: 'well', status };
      } catch (error) {
        return { kind: 'ill', isSilent: problem === null, because: problem ?? `nginx does not answer: ${messageOf(error)}` };
      }
    },
    onChange: (listener) => void listeners.push(listener),
    async tidy() {
      await sweepGrants(grantsFolderOf(folder), new Set(keys.keys.map(({ id }) => id)), Date.now());
      if (await rotateLog(folder, options.logs)) await tell('SIGUSR1');
    },
    kill() {
      child.signal('SIGKILL');
    },
    stop: () => child.stop(),
  };
}

/** Null when there is no such file, or nothing in it yet. */
async function pidIn(path: string): Promise<number | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.trim() === '' ? null : Number(text);
}

/** A reload never reads half a file. Not synced: after a loss of power everything is written again. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 });
  await rename(`${path}.new`, path);
}
