import type { PlaySession } from '../session/play-session.ts';
import { bufferedAheadMs, type Engine } from './engine.ts';
import type { StallMeter } from './stall-meter.ts';

/** What an operator wants to know of a running player. Read-only; also on `window.__bioscope` and under Shift + D. */
export type Diagnostics = {
  readonly sessionId: string;
  readonly editionId: string;
  readonly positionMs: number;
  readonly bufferedAheadMs: number;
  readonly stallCount: number;
  readonly stallLongestMs: number;
  readonly stallTotalMs: number;
  /** Host and port of the appliance that delivered last, "" before the first bytes. */
  readonly pathwayHost: string;
  readonly bandwidthKbps: number;
  readonly height: number;
  readonly switches: number;
  readonly tokenExpiresAtMs: number;
};

export function readDiagnostics(video: HTMLVideoElement, play: PlaySession, engine: Engine, stalls: StallMeter): Diagnostics {
  const { count, longestMs, totalMs } = stalls.reading();
  return {
    sessionId: play.session.sessionId,
    editionId: play.session.editionId,
    positionMs: Math.round(video.currentTime * 1000),
    bufferedAheadMs: Math.round(bufferedAheadMs(video)),
    stallCount: count,
    stallLongestMs: Math.round(longestMs),
    stallTotalMs: Math.round(totalMs),
    ...engine.reading(),
    tokenExpiresAtMs: play.tokenExpiresAtMs(),
  };
}

/** Makes the newest reading visible to consoles and tests until the returned function is called. */
export function publishDiagnostics(read: () => Diagnostics): () => void {
  Object.defineProperty(window, '__bioscope', { configurable: true, get: read });
  return () => {
    Reflect.deleteProperty(window, '__bioscope');
  };
}
