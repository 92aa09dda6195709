import { createHash } from 'node:crypto';

import { documents, type EventData, type KvStore, type StreamEvent } from '@bioscope/kv';

import { BILLING_EVENT_TYPES, type BillingEvent, type InvoiceFacts } from '../contract/index.ts';
import { foldAccount, NOTHING_YET, type Account } from './domain/account.ts';

/** One stream per account. Also what the relay publishes from. */
export const ACCOUNTS_NAMESPACE = 'billing_accounts';
/** One stream per year: an invoice's place in it is its number, so that numbers have no gaps and no two invoices share one. */
const INVOICES_NAMESPACE = 'billing_invoices';
/** The processor's tokens of cards: apart, so that they never come into an event. */
const TOKENS_NAMESPACE = 'billing_tokens';

/** Twenty years of monthly payments with five events each are 1 200; a stream beyond this is a loop somewhere. */
const EVENTS_PER_ACCOUNT_MAX = 20_000;
/** So many invoices may be numbered by others between two tries of ours. */
const NUMBERING_ATTEMPTS_MAX = 200;

/** An account with what an append has to know. */
export type WrittenAccount = {
  readonly accountId: string;
  readonly account: Account;
  /** Events so far. */
  readonly version: number;
  /** Of every command that wrote events. */
  readonly commandIds: ReadonlySet<string>;
};

/** How money lies in the key-value store. */
export type BillingStore = {
  /** `NOTHING_YET` at version 0 for an account without events. */
  read(accountId: string): Promise<WrittenAccount>;
  append(request: {
    accountId: string;
    expectedVersion: number;
    events: readonly BillingEvent[];
    commandId: string;
  }): Promise<'appended' | 'conflict'>;
  /** The number of a charge's invoice in the series of a year: the same for the same charge, whoever asks and however often. */
  numberInvoice(year: number, invoice: InvoiceFacts): Promise<string>;
  /** The method id under which a token is kept; the same token has the same. Durable when it resolves. */
  keepToken(accountId: string, token: string): Promise<string>;
  /** Throws when there is none. */
  readToken(accountId: string, methodId: string): Promise<string>;
};

export function billingStore({ streams, items }: Pick<KvStore, 'streams' | 'items'>): BillingStore {
  const tokensOf = (accountId: string) => documents(items, { namespace: TOKENS_NAMESPACE, record: accountId, parse: parseToken });
  /** Where each series stood when it was last seen; only saves tries. */
  const heads = new Map<number, number>();

  return {
    async read(accountId) {
      let account = NOTHING_YET;
      let read = 0;
      const commandIds = new Set<string>();
      for (let version = 1; read < version;) {
        const page = await streams.read({ namespace: ACCOUNTS_NAMESPACE, stream: accountId, after: read });
        if (page.version > EVENTS_PER_ACCOUNT_MAX)
          throw new RangeError(`account ${accountId} has ${page.version} events; at most ${EVENTS_PER_ACCOUNT_MAX} are read`);
        for (const event of page.events) {
          account = foldAccount(account, decodeBillingEvent(event));
          commandIds.add(event.commandId);
        }
        read += page.events.length;
        ({ version } = page);
      }
      return { accountId, account, version: read, commandIds };
    },

    async append({ accountId, expectedVersion, events, commandId }) {
      const encoded = events.map(encodeBillingEvent);
      return (await streams.append({ namespace: ACCOUNTS_NAMESPACE, stream: accountId, expectedVersion, events: encoded, commandId })).kind;
    },

    async numberInvoice(year, invoice) {
      const data = Buffer.from(JSON.stringify(invoice));
      for (let attempt = 0; attempt < NUMBERING_ATTEMPTS_MAX; attempt += 1) {
        const appended = await streams.append({
          namespace: INVOICES_NAMESPACE,
          stream: String(year),
          expectedVersion: heads.get(year) ?? 0,
          events: [{ type: 'invoice.issued', data }],
          commandId: invoice.chargeId,
        });
        heads.set(year, Math.max(appended.version, heads.get(year) ?? 0));
        if (appended.kind === 'appended') return `${year}-${String(appended.version).padStart(NUMBER_DIGITS, '0')}`;
      }
      throw new Error(`${NUMBERING_ATTEMPTS_MAX} others numbered invoices of ${year} meanwhile`);
    },

    async keepToken(accountId, token) {
      const methodId = createHash('sha256').update(token).digest('hex').slice(0, METHOD_ID_DIGITS);
      await tokensOf(accountId).put(methodId, { token });
      return methodId;
    },

    async readToken(accountId, methodId) {
      const kept = await tokensOf(accountId).get(methodId);
      if (kept === null) throw new Error(`account ${accountId} has no token for method ${methodId}`);
      return kept.token;
    },
  };
}

const NUMBER_DIGITS = 6;
const METHOD_ID_DIGITS = 32;

/** The data of an event is JSON without its type, and the very value of the record on the log. */
function encodeBillingEvent({ type, ...data }: BillingEvent): EventData {
  return { type, data: Buffer.from(JSON.stringify(data)) };
}

/** Throws when the type is not known: a newer program wrote it, and guessing would show wrong money. */
function decodeBillingEvent({ stream, sequence, type, data }: StreamEvent): BillingEvent {
  if (!BILLING_EVENT_TYPES.some((known) => known === type))
    throw new TypeError(`event ${sequence} of the money of ${stream} has the unknown type ${type}`);
  // What lies in the store was encoded by the function above.
  return { type, ...(JSON.parse(Buffer.from(data).toString()) as object) } as BillingEvent;
}

function parseToken(json: unknown): { readonly token: string } {
  if (typeof json === 'object' && json !== null && 'token' in json && typeof json.token === 'string') return { token: json.token };
  throw new TypeError('a kept token without token');
}
