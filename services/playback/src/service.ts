import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

import { AccessService } from '@bioscope/access/contract';
import { operatorGuard } from '@bioscope/access/contract/operator-guard';
import { TITLES_TOPIC } from '@bioscope/catalog/contract';
import { serveGraph } from '@bioscope/graph';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import type { Passports } from '@bioscope/passport';
import { RegistryService } from '@bioscope/registry/contract';
import type { RpcHost } from '@bioscope/rpc';

import { OperatorService, PlaybackService } from '../contract/index.ts';
import { announceWatching } from './announce-watching.ts';
import { playbackLoaders, playbackResolvers } from './graph/resolvers.ts';
import { answering } from './answers.ts';
import { catalogueOf } from './catalogue.ts';
import { readConfig } from './config.ts';
import { liveSessions } from './domain/live-sessions.ts';
import { startCounts } from './domain/start-counts.ts';
import type { PlaybackParts } from './handlers/context.ts';
import { endSession } from './handlers/end-session.ts';
import { forgetRemovedTitles } from './handlers/forget-title.ts';
import { getLive } from './handlers/get-live.ts';
import { heartbeat } from './handlers/heartbeat.ts';
import { listBookmarks } from './handlers/list-bookmarks.ts';
import { serveManifests } from './handlers/serve-manifests.ts';
import { startSession } from './handlers/start-session.ts';
import { listStreams, stopStream } from './handlers/streams.ts';
import { playRights } from './rights.ts';
import { streamLeases } from './stream-leases.ts';
import { rankedPathways } from './pathways.ts';
import { playbackStore } from './store.ts';
import { segmentTokens } from './token-keys.ts';

/** Play sessions, their manifests and tokens, and bookmarks. */
export const playback = unit({
  name: 'playback',
  needs: { kv: port<KvStore>('kv'), log: port<Log>('log'), rpc: port<RpcHost>('rpc'), passports: port<Passports>('passports') },
  gives: {},
  async start({ kv, log, rpc, passports }, context) {
    const config = readConfig(context.environment);
    const own = rpc.as('playback');
    const nowMs = Date.now;
    const asks = passports.readerFor('playback');
    const access = own.client(AccessService);
    const operators = operatorGuard(access);
    const tokens = segmentTokens({ rpc: own, tokenLifeMs: config.tokenLifeMs, nowMs, log: context.log });
    const parts: PlaybackParts = {
      store: playbackStore(kv),
      announce: announceWatching({ log, logger: context.log }),
      catalogue: catalogueOf(own, nowMs),
      pathways: rankedPathways(own),
      tokens,
      config,
      nowMs,
      newSessionId: () => randomBytes(16).toString('base64url'),
      log: context.log,
      live: {
        instance: `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
        sinceMs: nowMs(),
        starts: startCounts(),
        sessions: liveSessions(),
      },
      members: config.hasMembers
        ? {
            asks,
            rightToPlay: playRights(access),
            streams: streamLeases(kv, { nowMs }),
          }
        : null,
    };
    const removals = log.subscribe({ topic: TITLES_TOPIC, group: 'playback' }, (records) => forgetRemovedTitles(parts, records));
    own.serve(
      PlaybackService,
      {
        startSession: (request, call) => answering(() => startSession(parts, request, call)),
        heartbeat: (request, call) => answering(() => heartbeat(parts, request, call)),
        endSession: (request) => answering(() => endSession(parts, request)),
        listBookmarks: (request, call) => answering(() => listBookmarks(parts, request, call)),
        listStreams: (_request, call) => answering(() => listStreams(parts, call)),
        stopStream: (request, call) => answering(() => stopStream(parts, request, call)),
      },
      { '*': ['gateway'], listBookmarks: ['gateway', 'home', 'graph'] },
    );
    own.serve(OperatorService, { getLive: operators.only('live', () => getLive(parts)) }, { '*': ['gateway'] });
    own.mount('/sessions', serveManifests(parts), ['gateway']);
    const graph = serveGraph(own, {
      unit: 'playback',
      sdl: readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'),
      resolvers: playbackResolvers(parts),
      askerOf: asks,
      loaders: ({ asker }) => playbackLoaders(parts, asker),
      registry: own.client(RegistryService),
      log: context.log,
      version: config.release,
    });
    return {
      gives: {},
      async stop() {
        await graph.close();
        await removals.close();
        await tokens.close();
      },
    };
  },
});
