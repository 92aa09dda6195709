import { useEffect, type ReactNode } from 'react';
import { paymentWords, text } from '../texts.ts';
import './payment.css';
import { CardForm } from './card-form.tsx';
import { StepUp } from './step-up.tsx';
import type { PaymentTask } from './use-payment.ts';

type PaymentStepsProps = {
  payment: PaymentTask;
  /** The label of the button that pays. */
  action: string;
  amountDigits: number;
  also?: ReactNode;
  done: () => void;
};

/** A payment from the card to the end, and what can be done wherever it is. */
export function PaymentSteps({ payment, action, amountDigits, also, done }: PaymentStepsProps): ReactNode {
  const { flow, problem } = payment;
  const isDone = flow.kind === 'done';
  useEffect(() => {
    if (isDone) done();
  }, [isDone, done]);
  switch (flow.kind) {
    case 'card':
      return (
        <>
          {flow.reason === '' ? null : <Refused reason={flow.reason} />}
          <CardForm action={action} use={payment.start} also={also} />
        </>
      );
    case 'working':
    case 'done':
      return (
        <output className="bank">
          <span className="opening-light" />
          {text('payment.working')}
        </output>
      );
    case 'step_up':
      return (
        <>
          {problem === undefined ? null : <p role="alert">{problem}</p>}
          <StepUp challengePath={flow.challengePath} amountDigits={amountDigits} answered={payment.confirm} />
        </>
      );
    case 'pending':
      return (
        <section className="bank">
          <output>
            <strong>{text('payment.pendingTitle')}</strong>
            <br />
            {text('payment.pendingText')}
          </output>
          {problem === undefined ? null : <p>{problem}</p>}
          <div className="actions">
            <button type="button" className="button" onClick={payment.look}>
              {text('action.retry')}
            </button>
          </div>
        </section>
      );
    default:
      return flow satisfies never;
  }
}

function Refused({ reason }: { reason: string }): ReactNode {
  const words = paymentWords(reason);
  return (
    <div className="form-problem" role="alert">
      <strong>{words.title}</strong>
      <p>{words.text}</p>
    </div>
  );
}
