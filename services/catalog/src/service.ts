import { randomUUID } from 'node:crypto';

import type { BlobStore } from '@bioscope/blob';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import { relay, type Log } from '@bioscope/log';
import type { RpcHost } from '@bioscope/rpc';

import { CatalogService, TITLES_TOPIC } from '../contract/index.ts';
import { answering } from './answers.ts';
import { changeTitle } from './change-title.ts';
import { followTitles } from './follow-titles.ts';
import type { CatalogParts } from './handlers/context.ts';
import { createTitle } from './handlers/create-title.ts';
import { getEdition, publishEdition } from './handlers/editions.ts';
import { forgetRemoved, removeTitle } from './handlers/remove-title.ts';
import { reportPreparation } from './handlers/report-preparation.ts';
import { serveArtwork } from './handlers/serve-artwork.ts';
import { setArtwork } from './handlers/set-artwork.ts';
import { setAvailability } from './handlers/set-availability.ts';
import { getTitle, listTitles } from './handlers/titles.ts';
import { openPreparations } from './preparations.ts';
import { openShelf } from './shelf.ts';
import { catalogStore, TITLES_NAMESPACE } from './store.ts';

/** Titles, editions, availability, artwork. */
export const catalog = unit({
  name: 'catalog',
  needs: { kv: port<KvStore>('kv'), log: port<Log>('log'), blob: port<BlobStore>('blob'), rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ kv, log, blob, rpc }, context) {
    const store = catalogStore(kv);
    const shelf = await openShelf(store);
    const preparations = await openPreparations(store);
    const parts: CatalogParts = {
      store,
      shelf,
      preparations,
      blob,
      change: changeTitle({ store, shelf }),
      nowMs: Date.now,
      newId: randomUUID,
      log: context.log,
    };
    const following = followTitles({
      store,
      shelf,
      streams: kv.streams,
      log: context.log,
      onRemoved: (record) => forgetRemoved(parts, record),
    });
    const relaying = relay(kv, log, {
      namespace: TITLES_NAMESPACE,
      topic: TITLES_TOPIC,
      failed: (err) => context.log.warn({ err }, 'what happened to titles could not be announced yet'),
    });
    const own = rpc.as('catalog');
    own.serve(
      CatalogService,
      {
        listTitles: () => answering(() => listTitles(parts)),
        getTitle: (request) => answering(() => getTitle(parts, request)),
        getEdition: (request) => answering(() => getEdition(parts, request)),
        createTitle: (request) => answering(() => createTitle(parts, request)),
        publishEdition: (request) => answering(() => publishEdition(parts, request)),
        reportPreparation: (request) => answering(() => reportPreparation(parts, request)),
        setArtwork: (request) => answering(() => setArtwork(parts, request)),
        setAvailability: (request) => answering(() => setAvailability(parts, request)),
        removeTitle: (request) => answering(() => removeTitle(parts, request)),
      },
      {
        '*': ['studio'],
        listTitles: READERS,
        getTitle: READERS,
        getEdition: READERS,
        setAvailability: ['gateway'],
        removeTitle: ['gateway'],
      },
    );
    own.mount('/artwork', serveArtwork(blob), ['gateway']);
    return {
      gives: {},
      async stop() {
        await relaying.close();
        await following.close();
      },
    };
  },
});

const READERS = ['gateway', 'playback', 'studio', 'control'];
