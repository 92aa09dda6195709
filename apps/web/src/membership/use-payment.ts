import { useCallback, useEffect, useRef, useState } from 'react';
import { randomId } from '../api/random-id.ts';
import { failureText } from '../design/form.tsx';
import { useHouse } from '../member/member-context.tsx';
import { CONFIRM_PAYMENT } from './operations.ts';
import { afterPayment, askAgainAfterMs, type Payment, type PaymentFlow } from './payment-flow.ts';

/** Takes the payment; asked again with the same `commandId` it says what became of it. */
export type Pay = (token: string, commandId: string) => Promise<Payment>;

export type PaymentTask = {
  readonly flow: PaymentFlow;
  /** Why the service could not be asked; the payment is where it was. */
  readonly problem: string | undefined;
  /** With the token of the processor's form. */
  readonly start: (token: string) => void;
  /** After the bank was answered. */
  readonly confirm: () => void;
  /** Asks what became of a payment that is pending. */
  readonly look: () => void;
};

/** A payment that waits for its holder: begun in another tab, or before the page was loaded anew. */
export type OpenPayment = { readonly chargeId: string; readonly challengePath: string };

/** One payment from the card to the end. What was begun under a command id is only ever asked for under it, so that nobody pays twice. */
export function usePayment(pay: Pay, open: OpenPayment | null = null): PaymentTask {
  const { doors } = useHouse();
  const [flow, setFlow] = useState<PaymentFlow>(() => (open === null ? { kind: 'card', reason: '' } : { kind: 'step_up', ...open }));
  const [problem, setProblem] = useState<string>();
  const [asked, setAsked] = useState(0);
  const under = useRef({ token: '', commandId: '' });

  const settle = useCallback((answer: Promise<Payment>, otherwise: PaymentFlow) => {
    setProblem(undefined);
    answer.then(
      (payment) => {
        setAsked((times) => times + 1);
        setFlow(afterPayment(payment));
      },
      (error: unknown) => {
        setAsked((times) => times + 1);
        setProblem(failureText(error));
        setFlow(otherwise);
      },
    );
  }, []);
  const confirm = useCallback(async (chargeId: string) => (await doors.ask(CONFIRM_PAYMENT, { chargeId })).confirmPayment, [doors]);
  const openChargeId = open?.chargeId ?? '';
  const look = useCallback(() => {
    const { token, commandId } = under.current;
    settle(commandId === '' ? confirm(openChargeId) : pay(token, commandId), { kind: 'pending' });
  }, [confirm, openChargeId, pay, settle]);

  useEffect(() => {
    const waitMs = flow.kind === 'pending' ? askAgainAfterMs(asked) : undefined;
    if (waitMs === undefined) return undefined;
    const timer = setTimeout(look, waitMs);
    return () => clearTimeout(timer);
  }, [flow, asked, look]);

  return {
    flow,
    problem,
    start(token) {
      under.current = { token, commandId: randomId() };
      setAsked(0);
      setFlow({ kind: 'working' });
      // No answer is no no: it may have been taken.
      settle(pay(token, under.current.commandId), { kind: 'pending' });
    },
    confirm() {
      if (flow.kind !== 'step_up') return;
      setFlow({ kind: 'working' });
      settle(confirm(flow.chargeId), flow);
    },
    look,
  };
}
