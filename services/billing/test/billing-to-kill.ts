import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

import { PaymentStatus } from '../contract/index.ts';
import { startBilling, until } from './running-billing.ts';

/** Pays as a member does, going on where the process before it was killed, and kills itself at the named milestone. Ends with 0 when all is through. */
const [folder = '', scenario = '', card = '', milestone = ''] = process.argv.slice(2);
let isArmed = scenario === 'start';

const running = await startBilling(folder, {
  reached(reached) {
    if (!isArmed || reached !== milestone) return;
    process.kill(process.pid, 'SIGKILL');
    // Nothing more is done until the signal is there.
    for (;;);
  },
});
const asks = running.asks({ accountId: 'a1' });
const request = { planId: 'standard', country: 'DE', paymentToken: await keptToken(), commandId: 'c1' };
if (scenario === 'start') {
  await until(
    'the payment is through',
    async () => (await running.billing.startMembership(request, asks)).status !== PaymentStatus.PENDING,
  );
} else {
  const { membership } = await running.members.getOwnMembership({}, asks);
  const untilMs = membership?.periodUntilMs ?? 0;
  const operator = running.asks({ accountId: 'op', isOperator: true });
  isArmed = true;
  const byMs = Math.max(1, untilMs - (membership?.nowMs ?? 0));
  await running.members.advanceClock({ accountId: 'a1', byMs, commandId: 'm1' }, operator);
  await until('the renewal is through', async () => {
    const { charges } = await running.billing.showBilling({ accountId: 'a1' }, operator);
    return charges.length > 1 && !['intended', 'challenged'].includes(charges[0]?.state ?? '');
  });
}
await running[Symbol.asyncDispose]();

/** The same in every process of a folder, as a browser keeps it. */
async function keptToken(): Promise<string> {
  const file = join(folder, 'token');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { token = '' } = await running.card(card);
  writeFileSync(file, token);
  return token;
}
