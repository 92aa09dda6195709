import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Passport } from '@bioscope/passport';
import { RpcError } from '@bioscope/rpc';

import type {
  ListPriceHistoryRequest,
  ListPriceHistoryResponseSchema,
  SetPriceRequest,
  SetPriceResponseSchema,
} from '../../contract/index.ts';
import { problemsOfPrice } from '../domain/decide-price.ts';
import type { PlansParts } from './context.ts';

/** Two operators at once make two conflicts; more than this is a fault. */
const ATTEMPTS_MAX = 5;

/** A new price from a date on; those that are or were in force stay what they are. */
export async function setPrice(
  parts: PlansParts,
  request: SetPriceRequest,
  asks: Pick<Passport, 'accountId'>,
): Promise<MessageInitShape<typeof SetPriceResponseSchema>> {
  const { country, planId, amountMinor, fromMs, why, commandId } = request;
  const currency = parts.prices.countries.get(country) ?? null;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const { records, version } = await parts.prices.read(country);
    const done = commandId === '' ? undefined : records.find((each) => each.commandId === commandId);
    if (done !== undefined) return { price: done.price };
    const madeAtMs = parts.nowMs();
    const problems = problemsOfPrice(request, { currency, nowMs: madeAtMs });
    if (currency === null || problems.length > 0) throw new RpcError('invalid_argument', problems.join('; '));
    const price = { planId, currency, amountMinor, fromMs, why: why.trim(), madeBy: asks.accountId, madeAtMs };
    // A conflict or a repetition: the next look says which.
    await parts.store.append({ country, expectedVersion: version, price, commandId });
  }
  throw new RpcError('aborted', `the prices of ${country} were changed ${ATTEMPTS_MAX} times meanwhile; try again`);
}

export async function listPriceHistory(
  parts: PlansParts,
  { planId, country }: ListPriceHistoryRequest,
): Promise<MessageInitShape<typeof ListPriceHistoryResponseSchema>> {
  const { records } = await parts.prices.read(country);
  return { records: records.filter(({ price }) => planId === '' || price.planId === planId) };
}
