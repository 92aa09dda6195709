/**
 * The processor's own form, as far as it is ours to draw: the number goes straight to the processor, which answers with a token for it. The only processor
 * so far is the sandbox (services/billing/src/sandbox/serve-sandbox.ts), below the app's own host.
 */
export type CardDoor = {
  /** The cards that it takes for trying; empty when it takes real ones. */
  testCards(): Promise<readonly TestCard[]>;
  tokenise(card: CardEntry): Promise<{ readonly token: string } | { readonly problem: string }>;
  /** What the bank wants to be confirmed. */
  challenge(path: string): Promise<Challenge | null>;
  answer(path: string, answer: 'approve' | 'reject'): Promise<void>;
};

export type TestCard = { readonly number: string; readonly behaviour: string };
export type CardEntry = { readonly number: string; readonly expiresMonth: number; readonly expiresYear: number };
export type Challenge = { readonly amountMinor: number; readonly currency: string };

export function openCardDoor(fetch: (url: string, init?: RequestInit) => Promise<Response>): CardDoor {
  const ask = async (path: string, body?: object): Promise<Response> =>
    fetch(path, {
      signal: AbortSignal.timeout(DEADLINE_MS),
      ...(body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
  return {
    async testCards() {
      const response = await ask('/sandbox/cards');
      return response.ok ? ((await response.json()) as { cards: TestCard[] }).cards : [];
    },
    async tokenise(card) {
      const response = await ask('/sandbox/tokens', card);
      const answer = (await response.json()) as { token?: string; problem?: string };
      return answer.token === undefined ? { problem: answer.problem ?? 'unknown' } : { token: answer.token };
    },
    async challenge(path) {
      const response = await ask(path);
      return response.ok ? ((await response.json()) as Challenge) : null;
    },
    async answer(path, answer) {
      const response = await ask(path, { answer });
      if (!response.ok) throw new TypeError(`the bank answered with ${response.status}`);
    },
  };
}

const DEADLINE_MS = 8_000;
