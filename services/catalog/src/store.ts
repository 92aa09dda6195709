import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { newToken, type KvStore } from '@bioscope/kv';

import { EditionSchema, type Edition } from '../contract/index.ts';
import { itemsOf } from './items-of.ts';

const EDITIONS_NAMESPACE = 'catalog_editions';
const PREPARATION = { namespace: 'catalog_preparation', record: 'titles' } as const;

/** How what belongs to titles and is no event lies in the key-value store. */
export type CatalogStore = {
  putEdition(edition: Edition): Promise<void>;
  readEdition(editionId: string): Promise<Edition | null>;
  deleteEdition(editionId: string): Promise<void>;
  keepPrepared(titleId: string, prepared: number): Promise<void>;
  forgetPrepared(titleId: string): Promise<void>;
  /** Share done of every title that is being prepared. */
  prepared(): Promise<ReadonlyMap<string, number>>;
};

export function catalogStore({ items }: Pick<KvStore, 'items'>): CatalogStore {
  return {
    putEdition: (edition) =>
      items.put({
        namespace: EDITIONS_NAMESPACE,
        record: edition.id,
        items: [{ key: ONLY_KEY, value: toBinary(EditionSchema, edition) }],
        token: newToken(),
      }),
    async readEdition(editionId) {
      const page = await items.get({ namespace: EDITIONS_NAMESPACE, record: editionId, select: { kind: 'keys', keys: [ONLY_KEY] } });
      const value = page.items[0]?.value;
      return value === undefined ? null : fromBinary(EditionSchema, value);
    },
    deleteEdition: (editionId) =>
      items.delete({ namespace: EDITIONS_NAMESPACE, record: editionId, select: { kind: 'all' }, token: newToken() }),
    keepPrepared: (titleId, prepared) =>
      items.put({
        ...PREPARATION,
        items: [{ key: Buffer.from(titleId), value: Buffer.from(JSON.stringify(prepared)) }],
        token: newToken(),
      }),
    forgetPrepared: (titleId) =>
      items.delete({ ...PREPARATION, select: { kind: 'keys', keys: [Buffer.from(titleId)] }, token: newToken() }),
    async prepared() {
      const shares = new Map<string, number>();
      for await (const { key, value } of itemsOf(items, PREPARATION))
        shares.set(Buffer.from(key).toString(), JSON.parse(Buffer.from(value).toString()) as number);
      return shares;
    },
  };
}

const ONLY_KEY = Buffer.alloc(0);
