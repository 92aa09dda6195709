import type { ChargeRequest, Outcome, Processor } from '../processor.ts';
import type { SandboxCard, SandboxCharge, SandboxStore } from './sandbox-store.ts';
import { TEST_CARDS } from './test-cards.ts';

export type SandboxParts = {
  readonly store: SandboxStore;
  readonly nowMs: () => number;
  /** Unguessable. */
  readonly newId: () => string;
  /** Told when money has moved and nobody knows it yet: where tests end the process. */
  readonly charged: () => void;
};

/** The offline processor: durable, deterministic by card, and as unreliable as its test cards ask for. */
export type Sandbox = Processor & {
  /** What a browser's form sends; a problem instead of a token for everything but a test card. */
  tokenise(form: CardForm): Promise<{ readonly token: string } | { readonly problem: string }>;
  /** Null: there is no such challenge. */
  showChallenge(challengeId: string): Promise<SandboxCharge | null>;
  answerChallenge(challengeId: string, isApproved: boolean): Promise<SandboxCharge | null>;
  close(): void;
};
export type CardForm = { readonly number: string; readonly expiresMonth: number; readonly expiresYear: number };

export function sandbox(parts: SandboxParts): Sandbox {
  const { store, nowMs, newId } = parts;
  const timers = new Set<NodeJS.Timeout>();
  let tell: Parameters<Processor['hear']>[0] = () => undefined;

  /** After the answer, as such hints come. */
  function hintLater(hint: { readonly customer: string; readonly key: string }, afterMs: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      tell(hint);
    }, afterMs);
    timers.add(timer);
  }

  async function decideOnce(request: ChargeRequest, decided: Decided): Promise<Outcome> {
    const { key, customer, amountMinor, currency } = request;
    await store.note(customer, key);
    const kept = await store.charges.create(key, { customer, amountMinor, currency, ...decided });
    if (kept.customer !== customer || kept.amountMinor !== amountMinor || kept.currency !== currency)
      if (kept.state !== 'closed') throw new Error(`key ${key} was used for another payment`);
    return outcomeOf(kept);
  }

  return {
    async tokenise(form) {
      const card = TEST_CARDS.find(({ number }) => number === form.number.replaceAll(/[ -]/g, ''));
      if (card === undefined) return { problem: 'card_not_a_test_card' };
      if (!isInFuture(form, nowMs())) return { problem: 'card_expiry_invalid' };
      const token = `tok_${newId()}`;
      const { expiresMonth, expiresYear } = form;
      await store.cards.create(token, {
        brand: 'Visa',
        last4: card.number.slice(-4),
        expiresMonth,
        expiresYear,
        behaviour: card.behaviour,
        customer: null,
      });
      return { token };
    },

    async describe(token, customer) {
      const card = await cardOf(store, token, customer);
      if (card === null) return null;
      const { brand, last4, expiresMonth, expiresYear } = card;
      return { brand, last4, expiresMonth, expiresYear };
    },

    async charge(request, signal) {
      const card = await cardOf(store, request.token, request.customer);
      const decide = (decided: Partial<Decided>): Promise<Outcome> => decideOnce(request, { ...UNDECIDED, ...decided });
      if (card === null) return decide({ state: 'declined', because: 'card_declined', isHard: true });
      const success = { state: 'succeeded', reference: `sbx_${newId()}` } as const;
      switch (card.behaviour) {
        case 'succeeds':
        case 'charges_silently':
        case 'answers_twice': {
          const outcome = await decide(success);
          parts.charged();
          if (card.behaviour === 'charges_silently') return silence(signal);
          if (card.behaviour === 'answers_twice') for (const afterMs of HINTS_AFTER_MS) hintLater(request, afterMs);
          return outcome;
        }
        case 'insufficient_funds':
          return decide({ state: 'declined', because: 'insufficient_funds', isHard: false });
        case 'stolen':
          return decide({ state: 'declined', because: 'card_unusable', isHard: true });
        case 'expired':
          return decide({ state: 'declined', because: 'card_expired', isHard: true });
        case 'step_up': {
          // First, so that no challenge is ever asked for that cannot be answered.
          const challengeId = `ch_${newId()}`;
          await store.challenges.create(challengeId, { key: request.key });
          return decide({ state: 'challenged', challengeId });
        }
        case 'silent':
          return silence(signal);
        default:
          return card.behaviour satisfies never;
      }
    },

    async settle({ key, giveUp }) {
      for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
        const found = await store.charges.read(key);
        if (found === null) return outcomeOf(await store.charges.create(key, { customer: '', amountMinor: 0, currency: '', ...UNDECIDED }));
        if (found.value.state !== 'challenged' || !giveUp) return outcomeOf(found.value);
        if (await store.charges.replace(key, found.version, { ...found.value, state: 'closed' })) return { kind: 'closed' };
      }
      throw new Error(`key ${key} changed ${ATTEMPTS_MAX} times meanwhile`);
    },

    hear(listener) {
      tell = listener;
    },

    async showChallenge(challengeId) {
      const challenge = await store.challenges.read(challengeId);
      return challenge === null ? null : ((await store.charges.read(challenge.value.key))?.value ?? null);
    },

    async answerChallenge(challengeId, isApproved) {
      const challenge = await store.challenges.read(challengeId);
      if (challenge === null) return null;
      const { key } = challenge.value;
      const found = await store.charges.read(key);
      if (found === null || found.value.state !== 'challenged') return found?.value ?? null;
      const answered: SandboxCharge = isApproved
        ? { ...found.value, state: 'succeeded', reference: `sbx_${newId()}` }
        : { ...found.value, state: 'declined', because: 'step_up_failed' };
      const isOurs = await store.charges.replace(key, found.version, answered);
      hintLater({ customer: found.value.customer, key }, 0);
      return isOurs ? answered : ((await store.charges.read(key))?.value ?? null);
    },

    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

type Decided = Pick<SandboxCharge, 'state' | 'because' | 'isHard' | 'reference' | 'challengeId'>;
const UNDECIDED: Decided = { state: 'closed', because: '', isHard: false, reference: '', challengeId: '' };

/** The card of a token, bound to the customer who uses it first: a token that leaks is worth nothing to another account. */
async function cardOf(store: SandboxStore, token: string, customer: string): Promise<SandboxCard | null> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const found = await store.cards.read(token);
    if (found === null) return null;
    if (found.value.customer !== null) return found.value.customer === customer ? found.value : null;
    await store.cards.replace(token, found.version, { ...found.value, customer });
  }
  throw new Error('the card changed too often meanwhile');
}

function outcomeOf({ state, reference, because, isHard, challengeId }: SandboxCharge): Outcome {
  switch (state) {
    case 'succeeded':
      return { kind: 'succeeded', reference };
    case 'declined':
      return { kind: 'declined', because, isHard };
    case 'challenged':
      return { kind: 'challenged', challengeId };
    case 'closed':
      return { kind: 'closed' };
    default:
      return state satisfies never;
  }
}

function silence(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const gone = (): void => reject(new Error('the processor did not answer'));
    if (signal.aborted) gone();
    else signal.addEventListener('abort', gone, { once: true });
  });
}

/** A card is good until the end of its month. */
function isInFuture({ expiresMonth, expiresYear }: CardForm, nowMs: number): boolean {
  const isMonth = Number.isInteger(expiresMonth) && expiresMonth >= 1 && expiresMonth <= 12;
  const isYear = Number.isInteger(expiresYear) && expiresYear >= 2000 && expiresYear <= 2100;
  return isMonth && isYear && Date.UTC(expiresYear, expiresMonth) > nowMs;
}

const ATTEMPTS_MAX = 5;
const HINTS_AFTER_MS = [0, 0, 50];
