import type { Item, Items } from '@bioscope/kv';
import { checkItems, checkName, checkNamespace, checkPage, checkSelection, checkToken } from '@bioscope/kv/checks';
import type { ItemPage_Item } from '../../contract/index.ts';
import { ownBytes, pageMessage, selectionMessage, tokenFrom } from '../domain/kv-messages.ts';
import type { KvCalls } from './remote-kv.ts';

/** Refuses here what the store would refuse, so that nothing is sent in vain and no text changes on its way. */
export function remoteItems({ read, write }: KvCalls): Items {
  return {
    async put({ namespace, record, items, token }, options) {
      checkNamespace(namespace);
      checkName('record', record);
      checkToken(token, Date.now());
      checkItems(items);
      await write({ namespace, does: { case: 'putItems', value: { record, items: [...items], token } } }, 'done', options);
    },

    async get({ namespace, record, select, page }, options) {
      checkNamespace(namespace);
      checkName('record', record);
      if (select !== undefined) checkSelection(select);
      checkPage(page);
      const value = { record, select: selectionMessage(select), page: pageMessage(page) };
      const found = await read({ namespace, does: { case: 'getItems', value } }, 'page', options);
      return { items: found.items.map(itemFrom), cursor: found.cursor ?? null };
    },

    async delete({ namespace, record, select, token }, options) {
      checkNamespace(namespace);
      checkName('record', record);
      checkToken(token, Date.now());
      checkSelection(select);
      const value = { record, select: selectionMessage(select), token };
      await write({ namespace, does: { case: 'deleteItems', value } }, 'done', options);
    },

    async scan({ namespace, page }, options) {
      checkNamespace(namespace);
      checkPage(page);
      const found = await read({ namespace, does: { case: 'scanItems', value: { page: pageMessage(page) } } }, 'page', options);
      return { items: found.items.map((item) => ({ ...itemFrom(item), record: item.record })), cursor: found.cursor ?? null };
    },
  };
}

function itemFrom({ key, value, token, expiresAtMs }: ItemPage_Item): Item {
  return { key: ownBytes(key), value: ownBytes(value), token: tokenFrom(token), expiresAtMs: expiresAtMs ?? null };
}
