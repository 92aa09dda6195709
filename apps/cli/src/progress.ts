import type { Terminal } from './terminal.ts';

/** A bar of a given width: `━━━━━╌╌╌╌╌  50 %`. */
export function bar(share: number, width: number): string {
  const bounded = Math.min(1, Math.max(0, Number.isFinite(share) ? share : 0));
  const full = Math.round(bounded * width);
  return `${'━'.repeat(full)}${'╌'.repeat(width - full)} ${String(Math.floor(bounded * 100)).padStart(3)} %`;
}

export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Ten a second: fast enough to look alive, slow enough for a terminal over a network. */
const DRAW_EVERY_MS = 100;

/** Lines at the bottom of the terminal that are drawn again in place. When nobody watches (a pipe, a log) they are not drawn at all. */
export type LiveLines = {
  draw(lines: readonly string[]): void;
  /** A line that stays, above those drawn in place. */
  say(line: string): void;
  /** Leaves the last lines standing. */
  end(): void;
};

export function liveLines(terminal: Terminal, nowMs: () => number = () => performance.now()): LiveLines {
  let drawn = 0;
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  let latest: readonly string[] = [];
  const clear = () => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[J`);
  const put = () => {
    const text = latest.map((line) => `${line.slice(0, terminal.columns - 1)}\n`).join('');
    terminal.err(`${clear()}${text}`);
    drawn = latest.length;
    drawnAtMs = nowMs();
  };
  return {
    draw(lines) {
      latest = lines;
      if (terminal.live && nowMs() - drawnAtMs >= DRAW_EVERY_MS) put();
    },
    say(line) {
      if (!terminal.live) return terminal.err(`${line}\n`);
      terminal.err(`${clear()}${line}\n`);
      drawn = 0;
      put();
    },
    end() {
      if (terminal.live && latest.length > 0) put();
      latest = [];
      drawn = 0;
    },
  };
}
