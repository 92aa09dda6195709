import { randomUUID } from 'node:crypto';

import { AccessService } from '@bioscope/access/contract';
import { operatorGuard } from '@bioscope/access/contract/operator-guard';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { Passports } from '@bioscope/passport';
import type { RpcHost } from '@bioscope/rpc';

import { StringsService } from '../contract/index.ts';
import { answering } from './answers.ts';
import { followTexts } from './follow-texts.ts';
import { serveTexts } from './handlers/serve-texts.ts';
import { listChanges, setText, type StringsParts } from './handlers/set-text.ts';
import { getTexts, listVersions } from './handlers/texts.ts';
import { openLibrary } from './library.ts';
import { readShipped } from './shipped.ts';
import { textsStore } from './store.ts';

/** The apps' texts in every language, and what operators want said instead. */
export const strings = unit({
  name: 'strings',
  needs: { kv: port<KvStore>('kv'), rpc: port<RpcHost>('rpc'), passports: port<Passports>('passports') },
  gives: {},
  async start({ kv, rpc, passports }, { log }) {
    const store = textsStore(kv);
    const library = await openLibrary(store, await readShipped());
    const parts: StringsParts = { library, store, newId: randomUUID };
    const asks = passports.readerFor('strings');
    const following = followTexts({ library, streams: kv.streams, log });
    const own = rpc.as('strings');
    const operators = operatorGuard(own.client(AccessService));
    own.serve(
      StringsService,
      {
        getTexts: (request) => getTexts(library, request),
        listVersions: () => listVersions(library),
        setText: operators.only('texts', (request, call) => answering(() => setText(parts, request, asks(call)))),
        listChanges: operators.only('texts', (request) => listChanges(library, request)),
      },
      { '*': ['*'], setText: OPERATORS_WAY, listChanges: OPERATORS_WAY },
    );
    own.mount('/strings', serveTexts(library), ['gateway']);
    return { gives: {}, stop: () => following.close() };
  },
});

const OPERATORS_WAY = ['gateway', 'graph'];
