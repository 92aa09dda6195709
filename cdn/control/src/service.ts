import { randomBytes, randomUUID } from 'node:crypto';
import { AccessService } from '@bioscope/access/contract';
import { operatorGuard } from '@bioscope/access/contract/operator-guard';
import { parseTitleRemoved, TITLES_TOPIC } from '@bioscope/catalog/contract';
import { port, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import type { RpcHost } from '@bioscope/rpc';
import { ControlService } from '../contract/index.ts';
import { readConfig } from './config.ts';
import { awaitEdition } from './handlers/await-edition.ts';
import { holdEdition } from './handlers/hold-edition.ts';
import { report } from './handlers/report.ts';
import { watchPicture } from './handlers/watch-picture.ts';
import { openHoldings } from './holdings.ts';
import { openKeys } from './keys.ts';
import { newPicture } from './picture.ts';
import { settling } from './settling.ts';
import { openControlStore } from './store.ts';

const NEEDS = { kv: port<KvStore>('kv'), log: port<Log>('log'), rpc: port<RpcHost>('rpc') };

/** Silence must be seen well within the second after it became one. */
const SILENCE_CHECK_MS = 250;
/** What another instance was told to hold is planned here this much later. */
const OTHERS_CHECK_MS = 500;
const ROTATION_CHECK_MS = 5_000;

/** Knows every appliance and plans what each should hold. */
export const control = unit({
  name: 'control',
  needs: NEEDS,
  gives: {},
  async start({ kv, log, rpc: host }, context) {
    const config = readConfig(context.environment);
    const now = (): number => Date.now();
    const store = openControlStore(kv);
    const picture = newPicture(now);
    const holdings = await openHoldings(store, { newId: randomUUID, onChange: () => picture.touch() });
    const newKey = (): { id: string; secretHex: string } => ({
      id: randomBytes(4).toString('hex'),
      secretHex: randomBytes(32).toString('hex'),
    });
    const keys = await openKeys({ store, policy: config.rotation, now, newKey, newId: randomUUID });
    const settled = settling(config.settleMs);

    const rpc = host.as('control');
    const operators = operatorGuard(rpc.client(AccessService));
    const on = {
      holdings,
      picture,
      keys,
      now,
      settled: (signal: AbortSignal) => settled.wait(signal),
      reportEveryMs: config.reportEveryMs,
    };
    rpc.serve(
      ControlService,
      {
        holdEdition: (request) => holdEdition(holdings, request),
        async releaseEdition(request) {
          await holdings.release(request.editionId);
          return {};
        },
        awaitEdition: (request, call) => awaitEdition(on, request, call),
        report: (request) => report(on, request),
        async watchPicture(request, call) {
          // Steering watches for itself; through the gateway it is an operator who looks.
          if (call.caller === 'gateway') await operators.check('appliances', call);
          return await watchPicture(on, request, call);
        },
        getTokenKeys: () => keys.current(),
      },
      {
        '*': ['studio'],
        report: ['appliance'],
        watchPicture: ['steering', 'gateway'],
        getTokenKeys: ['playback', 'appliance'],
      },
    );

    const removals = log.subscribe({ topic: TITLES_TOPIC, group: 'control', from: 'earliest' }, async (records) => {
      for (const record of records) {
        if (record.type !== 'title.removed') continue;
        const { titleId, editionIds } = parseTitleRemoved(record.value);
        await holdings.removeTitle(titleId, editionIds);
      }
    });
    const silence = setInterval(() => picture.tick(), SILENCE_CHECK_MS);
    let refreshing: Promise<void> | null = null;
    const others = setInterval(() => {
      refreshing ??= holdings
        .refresh()
        .catch((error: unknown) => context.log.warn({ err: error }, 'could not look what other instances hold; tried again'))
        .finally(() => (refreshing = null));
    }, OTHERS_CHECK_MS);
    const rotation = setInterval(() => {
      keys.tick().catch((error: unknown) => context.log.warn({ err: error }, 'could not rotate the token keys; the old ones stay valid'));
    }, ROTATION_CHECK_MS);

    return {
      gives: {},
      async stop() {
        clearInterval(silence);
        clearInterval(rotation);
        clearInterval(others);
        await refreshing;
        settled.stop();
        await removals.close();
      },
    };
  },
});
