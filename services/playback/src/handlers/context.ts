import type { Logger } from '@bioscope/telemetry';

import type { Catalogue } from '../catalogue.ts';
import type { PlaybackConfig } from '../config.ts';
import type { RankedPathways } from '../pathways.ts';
import type { PlaybackStore } from '../store.ts';
import type { SegmentTokens } from '../token-keys.ts';

/** What the use cases work with. */
export type PlaybackParts = {
  readonly store: PlaybackStore;
  readonly catalogue: Catalogue;
  readonly pathways: RankedPathways;
  readonly tokens: SegmentTokens;
  readonly config: PlaybackConfig;
  readonly nowMs: () => number;
  /** An id that nobody can guess: who knows it may ask for the session's tokens. */
  readonly newSessionId: () => string;
  readonly log: Logger;
};
