import type { Title } from '@bioscope/catalog/contract';
import type { AskedCall, Passport } from '@bioscope/passport';
import type { RequestContext } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

import type { AnnounceWatching } from '../announce-watching.ts';
import type { Catalogue } from '../catalogue.ts';
import type { PlaybackConfig } from '../config.ts';
import type { LiveSessions } from '../domain/live-sessions.ts';
import type { StartCounts } from '../domain/start-counts.ts';
import type { RankedPathways } from '../pathways.ts';
import type { Right } from '../rights.ts';
import type { PlaybackStore } from '../store.ts';
import type { StreamLeases } from '../stream-leases.ts';
import type { SegmentTokens } from '../token-keys.ts';

/** What the use cases work with. */
export type PlaybackParts = {
  readonly store: PlaybackStore;
  readonly announce: AnnounceWatching;
  readonly catalogue: Catalogue;
  readonly pathways: RankedPathways;
  readonly tokens: SegmentTokens;
  readonly config: PlaybackConfig;
  readonly nowMs: () => number;
  /** An id that nobody can guess: who knows it may ask for the session's tokens. */
  readonly newSessionId: () => string;
  readonly log: Logger;
  readonly live: LiveParts;
  /** Null where the service has no members: then everybody may watch. */
  readonly members: MemberParts | null;
};

/** What this process counts, in memory alone. */
export type LiveParts = {
  /** Another one for each process, also after a restart. */
  readonly instance: string;
  readonly sinceMs: number;
  readonly starts: StartCounts;
  readonly sessions: LiveSessions;
};

/** What use cases need where members watch. */
export type MemberParts = {
  readonly asks: (call: AskedCall) => Passport;
  readonly rightToPlay: (title: Title, within: RequestContext) => Promise<Right>;
  readonly streams: StreamLeases;
};
