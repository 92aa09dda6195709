import shaka from 'shaka-player/dist/shaka-player.dash-es2021.js';
import type { PlaySession } from '../session/play-session.ts';
import { applianceOf } from '../session/token-swap.ts';
import { keepRecovering } from './recovery-loop.ts';
import type { TroubleCause } from './recovery.ts';
import { playerSettings } from './settings.ts';
import { rememberBandwidth, startingBandwidth } from './throughput.ts';
import { withAbsoluteReload } from './steering-reply.ts';
import { listTracks, NO_TRACKS, type TrackLists } from './tracks.ts';

/** The streaming engine behind the picture. The video element itself is the truth about time, volume and pausing. */
export type Engine = {
  /** Loads the film and stands at `startMs`. Rejects with nothing: trouble goes to `onTrouble`. */
  load(startMs: number): Promise<void>;
  tracks(): TrackLists;
  chooseQuality(height: number | 'auto'): void;
  chooseAudio(key: string): void;
  /** undefined switches captions off. */
  chooseText(key: string | undefined): void;
  reading(): EngineReading;
  close(): Promise<void>;
};

export type EngineReading = {
  /** Host and port of the appliance that delivered last. */
  readonly pathwayHost: string;
  readonly bandwidthKbps: number;
  readonly height: number;
  readonly switches: number;
};

export type EngineNeeds = {
  readonly video: HTMLVideoElement;
  readonly captionsStage: HTMLElement;
  readonly play: PlaySession;
  readonly manifestUrl: string;
  readonly storage: Storage;
  readonly onTracks: () => void;
  /** For good: everything that could be tried was tried. */
  readonly onTrouble: (because: TroubleCause | 'unsupported') => void;
};

const REMEMBER_EVERY_MS = 10_000;
// The pace of the rounds over all appliances; inside one round the requests repeat themselves.
const RECOVERY_LOOK_EVERY_MS = 1_000;

export async function openEngine(needs: EngineNeeds): Promise<Engine> {
  const { video, play } = needs;
  shaka.polyfill.installAll();
  const player = new shaka.Player();
  let closed = false;
  let pathwayHost = '';

  const recovery = keepRecovering({
    play,
    now: () => performance.now(),
    state: () => ({
      positionMs: video.currentTime * 1000,
      playing: !video.paused,
      bufferedAheadMs: isBufferedToTheEnd(video) ? Infinity : bufferedAheadMs(video),
    }),
    retryStreaming: () => player.retryStreaming(0),
    onTrouble: needs.onTrouble,
  });
  const looking = setInterval(() => void recovery.look(), RECOVERY_LOOK_EVERY_MS);

  player.configure(
    playerSettings({
      sessionId: play.session.sessionId,
      editionId: play.session.editionId,
      startingBandwidth: startingBandwidth(needs.storage, Date.now()),
      onStreamingFailure: (error) => recovery.failed(httpStatusOf(error)),
    }),
  );
  player.setVideoContainer(needs.captionsStage);
  const network = player.getNetworkingEngine();
  network?.registerRequestFilter((_type, request) => {
    request.uris = request.uris.map((uri) => play.fresh(uri));
  });
  network?.registerResponseFilter((type, response) => {
    if (type === shaka.net.NetworkingEngine.RequestType.CONTENT_STEERING)
      response.data = new TextEncoder().encode(withAbsoluteReload(new TextDecoder().decode(response.data), response.uri));
    const host = applianceOf(response.uri);
    if (host === '') return;
    pathwayHost = host;
    recovery.succeeded();
  });
  player.addEventListener('downloadfailed', (event) => {
    const httpStatus = failedSegment(event);
    if (httpStatus !== undefined) recovery.failed(httpStatus);
  });
  for (const event of TRACK_EVENTS) player.addEventListener(event, needs.onTracks);
  player.addEventListener('error', (event) => {
    const error = errorOf(event);
    // Network trouble is the recovery's.
    if (error?.severity === shaka.util.Error.Severity.CRITICAL && error.category !== shaka.util.Error.Category.NETWORK)
      needs.onTrouble('broken');
  });
  const remembering = setInterval(
    () => rememberBandwidth(needs.storage, player.getStats().estimatedBandwidth, Date.now()),
    REMEMBER_EVERY_MS,
  );

  return {
    async load(startMs) {
      if (!shaka.Player.isBrowserSupported()) return needs.onTrouble('unsupported');
      try {
        await player.attach(video);
        await player.load(needs.manifestUrl, startMs / 1000);
      } catch (cause) {
        if (closed) return;
        needs.onTrouble(causeOfLoadFailure(cause));
      }
    },
    tracks: () => (closed ? NO_TRACKS : listTracks(player)),
    chooseQuality(height) {
      player.configure('abr.enabled', height === 'auto');
      if (height === 'auto') return needs.onTracks();
      const track = player.getVideoTracks().find((candidate) => candidate.height === height);
      // Clears what is buffered beyond the next seconds, so that the choice is seen soon but without a stall.
      if (track !== undefined) player.selectVideoTrack(track, true, 4);
    },
    chooseAudio(key) {
      const track = player.getAudioTracks()[Number(key)];
      if (track !== undefined) player.selectAudioTrack(track);
    },
    chooseText(key) {
      player.selectTextTrack(player.getTextTracks().find((track) => String(track.id) === key) ?? null);
    },
    reading() {
      const stats = player.getStats();
      return {
        pathwayHost,
        bandwidthKbps: Math.round(stats.estimatedBandwidth / 1000) || 0,
        height: video.videoHeight,
        switches: stats.switchHistory.length,
      };
    },
    async close() {
      closed = true;
      clearInterval(looking);
      clearInterval(remembering);
      await player.destroy();
    },
  };
}

const TRACK_EVENTS = ['trackschanged', 'adaptation', 'variantchanged', 'textchanged', 'audiotrackschanged', 'audiotrackchanged', 'loaded'];

/** Milliseconds that can be played without another byte. */
export function bufferedAheadMs(video: HTMLVideoElement): number {
  const { buffered, currentTime } = video;
  for (let range = 0; range < buffered.length; range += 1) {
    // A tenth of a second of rounding between the clock and the ranges.
    if (buffered.start(range) <= currentTime + 0.1 && buffered.end(range) > currentTime) return (buffered.end(range) - currentTime) * 1000;
  }
  return 0;
}

/** Nothing more will be asked for. */
function isBufferedToTheEnd(video: HTMLVideoElement): boolean {
  // Tracks of one film end within a frame or two of each other.
  return video.currentTime + bufferedAheadMs(video) / 1000 > video.duration - 0.5;
}

/** The HTTP status (0: no answer) of a segment that could not be had; undefined for other requests, and for those we gave up ourselves. */
function failedSegment(event: Event): number | undefined {
  const error: unknown = Reflect.get(event, 'error');
  if (error instanceof shaka.util.Error && error.code === shaka.util.Error.Code.OPERATION_ABORTED) return undefined;
  if (Reflect.get(event, 'requestType') !== shaka.net.NetworkingEngine.RequestType.SEGMENT) return undefined;
  return Number(Reflect.get(event, 'httpResponseCode')) || 0;
}

function errorOf(event: Event): shaka.util.Error | undefined {
  const detail: unknown = 'detail' in event ? event.detail : undefined;
  return detail instanceof shaka.util.Error ? detail : undefined;
}

/** The status is the second datum of BAD_HTTP_STATUS (shaka-player, lib/util/error.js). */
function httpStatusOf(error: shaka.util.Error): number {
  const status: unknown = error.code === shaka.util.Error.Code.BAD_HTTP_STATUS ? error.data[1] : 0;
  return typeof status === 'number' ? status : 0;
}

function causeOfLoadFailure(cause: unknown): TroubleCause {
  if (!(cause instanceof shaka.util.Error) || cause.category !== shaka.util.Error.Category.NETWORK) return 'broken';
  // The manifest's own statuses: the session is unknown or over.
  return [404, 410].includes(httpStatusOf(cause)) ? 'refused' : 'unreachable';
}
