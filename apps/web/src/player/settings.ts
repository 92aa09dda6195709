import type shaka from 'shaka-player/dist/shaka-player.dash-es2021.js';

export type SettingsNeeds = {
  readonly sessionId: string;
  readonly editionId: string;
  /** Bits per second to start with. */
  readonly startingBandwidth: number;
  readonly onStreamingFailure: (error: shaka.util.Error) => void;
};

/**
 * Our settings of Shaka Player 5.2, against its defaults of 10 s to connect, 5 s of silence and 30 s in all.
 *
 * What they buy, with two pathways in the manifest and 2 s segments, measured in headless Chromium from the first failed request to the
 * first good segment of the other appliance: a server that answers 503 is left after 0.03–0.1 s, one that accepts and never answers after
 * 2.7 s (10.9 s by default), both without a stall. Shaka tries the next location of the manifest on every further attempt, and bans the
 * host that failed for 60 s, so that only the requests under way pay.
 */
export function playerSettings({ sessionId, editionId, startingBandwidth, onStreamingFailure }: SettingsNeeds): object {
  return {
    manifest: {
      // Through the playback door: it may be restarting.
      retryParameters: {
        maxAttempts: 4,
        baseDelay: 250,
        backoffFactor: 2,
        fuzzFactor: 0.3,
        timeout: 8_000,
        connectionTimeout: 4_000,
        stallTimeout: 4_000,
      },
    },
    streaming: {
      retryParameters: SEGMENT_RETRIES,
      failureCallback: onStreamingFailure,
      // Half a minute survives a home server's restart; more only wastes what a viewer who leaves has not watched.
      bufferingGoal: 30,
      // Play as soon as there is anything to play; the meter of stalls watches over it.
      rebufferingGoal: 0.5,
      // For short steps back without a request.
      bufferBehind: 30,
      // A rung whose file is nowhere to be had is left for this long. When the appliances are away all rungs fail alike: not for long.
      maxDisabledTime: 2,
      // Two segments under way hide one slow answer.
      segmentPrefetchLimit: 2,
      // Captions are worth less than the film: without them it goes on.
      ignoreTextStreamFailures: true,
    },
    abr: {
      defaultBandwidthEstimate: startingBandwidth,
      // The browser's own guess is capped at 10 Mb/s and knows nothing of our appliances; we remember what we measured.
      useNetworkInformation: false,
      // A picture that is too soft at the start may sharpen soon; after that switches are rare enough not to be seen as flicker.
      switchInterval: 5,
      bandwidthUpgradeTarget: 0.85,
      bandwidthDowngradeTarget: 0.95,
      advanced: { fastHalfLife: 2, slowHalfLife: 5 },
      // Shaka judges dropped frames in hidden and throttled tabs as well and bans rungs for it.
      droppedFrames: false,
    },
    // CTA-5004 in the query: headers would cost a preflight for every range.
    cmcd: { enabled: true, useHeaders: false, sessionId, contentId: editionId, version: 1 },
    // Our manifests say what they mean; guessing costs a request.
    mediaSource: { forceTransmux: false },
  };
}

/** Two rounds over two appliances, a tenth of a second apart: an error answers at once, and the other one is well. `timeout` bounds a whole segment on a slow but living line. */
export const SEGMENT_RETRIES = {
  maxAttempts: 4,
  baseDelay: 100,
  backoffFactor: 1,
  fuzzFactor: 0.2,
  connectionTimeout: 2_500,
  stallTimeout: 2_000,
  timeout: 20_000,
} as const;
