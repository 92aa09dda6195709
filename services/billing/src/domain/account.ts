import type { BillingEvent, BillingPeriod, PaymentMethod } from '../../contract/events.ts';
import type { Dunning } from './retry-schedule.ts';

type Of<T extends BillingEvent['type']> = BillingEvent & { readonly type: T };

export const CHARGE_STATES = ['intended', 'challenged', 'succeeded', 'declined', 'closed'] as const;
export type ChargeState = (typeof CHARGE_STATES)[number];

export type Charge = Of<'charge.intended'> & {
  readonly state: ChargeState;
  /** Why it was declined or closed. */
  readonly because: string;
  readonly isHard: boolean;
  /** The processor's name for the payment. */
  readonly reference: string;
  readonly challengeId: string;
  readonly challengedWallMs: number;
  readonly invoiceNumber: string;
  /** Whether membership knows how it ended. */
  readonly isTold: boolean;
};
export type Start = Of<'start.requested'> & { readonly isOpened: boolean };

/** An account's money as its events add up. */
export type Account = {
  readonly method: PaymentMethod | null;
  readonly starts: ReadonlyMap<string, Start>;
  /** In the order in which they were intended. */
  readonly charges: ReadonlyMap<string, Charge>;
  readonly invoices: readonly Of<'invoice.issued'>[];
  /** The newest period that membership knows of. */
  readonly period: BillingPeriod | null;
  readonly dunning: Dunning | null;
};

export const NOTHING_YET: Account = { method: null, starts: new Map(), charges: new Map(), invoices: [], period: null, dunning: null };

/** Throws when a charge is told of that was never intended: then the stream is not an account's. */
export function foldAccount(account: Account, event: BillingEvent): Account {
  switch (event.type) {
    case 'method.set':
      return { ...account, method: event.method };
    case 'start.requested':
      return { ...account, starts: new Map(account.starts).set(event.startId, { ...event, isOpened: false }) };
    case 'charge.intended':
      return withCharge(account, { ...event, ...UNTOUCHED });
    case 'charge.challenged': {
      const { challengeId, wallMs } = event;
      return changed(account, event.chargeId, { state: 'challenged', challengeId, challengedWallMs: wallMs });
    }
    case 'charge.succeeded': {
      const { method } = chargeOf(account, event.chargeId);
      return changed({ ...account, method }, event.chargeId, { state: 'succeeded', reference: event.reference });
    }
    case 'charge.declined':
      return failed(account, event.chargeId, { state: 'declined', because: event.because, isHard: event.isHard }, event.atMs);
    case 'charge.closed':
      return failed(account, event.chargeId, { state: 'closed', because: event.because, isHard: false }, event.atMs);
    case 'invoice.issued':
      return changed({ ...account, invoices: [...account.invoices, event] }, event.chargeId, { invoiceNumber: event.number });
    case 'period.opened':
      return opened(account, event);
    case 'failure.told':
      return changed(account, event.chargeId, { isTold: true });
    default:
      return event satisfies never;
  }
}

/** The charge that is not through yet; there is at most one. */
export function openCharge({ charges }: Account): Charge | null {
  return [...charges.values()].findLast((charge) => !isThrough(charge)) ?? null;
}

/** The trial that membership does not know of yet. */
export function openTrial({ starts }: Account): Start | null {
  return [...starts.values()].findLast(({ trialDays, isOpened }) => trialDays > 0 && !isOpened) ?? null;
}

export function isThrough({ state, purpose, isTold }: Charge): boolean {
  return isTold || (purpose === 'start' && (state === 'declined' || state === 'closed'));
}

export function isFailed({ state }: Pick<Charge, 'state'>): boolean {
  return state === 'declined' || state === 'closed';
}

function opened(account: Account, { chargeId, startId, period }: Of<'period.opened'>): Account {
  const next = { ...account, period, dunning: null };
  if (chargeId !== '') return changed(next, chargeId, { isTold: true });
  const start = account.starts.get(startId);
  if (start === undefined) throw new TypeError(`a trial of start ${startId} opened, which was never requested`);
  return { ...next, method: start.method, starts: new Map(account.starts).set(startId, { ...start, isOpened: true }) };
}

function failed(account: Account, chargeId: string, how: Pick<Charge, 'state' | 'because' | 'isHard'>, atMs: number): Account {
  const { purpose, dueAtMs, method } = chargeOf(account, chargeId);
  if (purpose === 'start') return changed(account, chargeId, how);
  const before = account.dunning?.dueAtMs === dueAtMs ? account.dunning : null;
  const isExcused = how.because === NOT_CHARGED && before?.wasExcused !== true;
  const lastMethodId = isExcused ? '' : method.methodId;
  const dunning = {
    dueAtMs,
    attempts: (before?.attempts ?? 0) + 1,
    lastAtMs: atMs,
    isHard: how.isHard,
    lastMethodId,
    wasExcused: isExcused || before?.wasExcused === true,
  };
  return { ...changed(account, chargeId, { ...how, isTold: isExcused }), dunning };
}

function changed(account: Account, chargeId: string, change: Partial<Charge>): Account {
  return withCharge(account, { ...chargeOf(account, chargeId), ...change });
}

function withCharge(account: Account, charge: Charge): Account {
  return { ...account, charges: new Map(account.charges).set(charge.chargeId, charge) };
}

function chargeOf({ charges }: Account, chargeId: string): Charge {
  const charge = charges.get(chargeId);
  if (charge === undefined) throw new TypeError(`charge ${chargeId} was never intended`);
  return charge;
}

/** The processor, or we ourselves, broke off. Once per payment that is not held against the member: the card is tried again at once. */
export const NOT_CHARGED = 'not_charged';

const UNTOUCHED = {
  state: 'intended',
  because: '',
  isHard: false,
  reference: '',
  challengeId: '',
  challengedWallMs: 0,
  invoiceNumber: '',
  isTold: false,
} as const;
