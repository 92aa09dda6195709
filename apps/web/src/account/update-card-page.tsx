import { useCallback, useState, type ReactNode } from 'react';
import { Link } from '../design/link.tsx';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useHouse } from '../member/member-context.tsx';
import { UPDATE_CARD } from '../membership/operations.ts';
import { PaymentSteps } from '../membership/payment-steps.tsx';
import { usePayment } from '../membership/use-payment.ts';
import { useStanding } from '../membership/use-standing.ts';
import { pathOf } from '../router.ts';
import { text } from '../texts.ts';

/** Another card; a payment that is missing is tried with it at once. */
export default function UpdateCardPage(): ReactNode {
  const { doors } = useHouse();
  const { remote } = useStanding();
  const [isDone, setDone] = useState(false);
  const update = useCallback(
    async (paymentToken: string, commandId: string) => (await doors.ask(UPDATE_CARD, { commandId, paymentToken })).updateCard,
    [doors],
  );
  const payment = usePayment(update);
  const done = useCallback(() => setDone(true), []);
  const standing = remote.kind === 'ready' ? remote.value : null;
  const isMissing = standing?.membership?.state === 'PAST_DUE' || standing?.membership?.state === 'ON_HOLD';
  const back = (
    <Link to={pathOf.account} className="button">
      {text('action.back')}
    </Link>
  );
  if (isDone)
    return (
      <QuietPage name={text('billing.documentTitle')} heading={isMissing ? text('payment.doneTitle') : text('billing.cardUpdated')}>
        <div className="actions">{back}</div>
      </QuietPage>
    );
  return (
    <QuietPage name={text('billing.documentTitle')} heading={text('billing.updateCard')}>
      <PaymentSteps
        payment={payment}
        action={isMissing ? text('billing.payNow') : text('action.save')}
        amountDigits={standing?.billing?.nextAmount?.digits ?? standing?.membership?.renewalPrice?.currencyDigits ?? 2}
        also={back}
        done={done}
      />
    </QuietPage>
  );
}
