import { advanceAccount } from './advance-account.ts';
import type { BillingParts } from './parts.ts';
import { settlePayment } from './take-payment.ts';

/** What the processor sends by itself is a hint, whatever it says: for a charge that waits for it, the processor is asked. */
export function hearProcessor(parts: BillingParts): void {
  parts.processor.hear(({ customer, key }) => {
    look(parts, customer, key).catch((err: unknown) => {
      parts.log.warn({ err, chargeId: key }, 'a hint of the processor could not be followed; the charge is settled in its time');
    });
  });
}

async function look(parts: BillingParts, accountId: string, chargeId: string): Promise<void> {
  const charge = (await parts.store.read(accountId)).account.charges.get(chargeId);
  if (charge?.state !== 'challenged') return;
  await settlePayment(parts, accountId, { charge, giveUp: false });
  await advanceAccount(parts, accountId);
}
