import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError } from '@bioscope/rpc';

import type {
  GetPriceRequest,
  GetPriceResponseSchema,
  ListCountriesResponseSchema,
  ListOffersRequest,
  ListOffersResponseSchema,
  ListPlansResponseSchema,
} from '../../contract/index.ts';
import { currencyOf } from '../domain/currency.ts';
import { PLAN_IDS, planOf } from '../domain/plan.ts';
import { pricesInForce } from '../domain/price.ts';
import { countryOfPriceId } from '../price-list.ts';
import type { PlansParts } from './context.ts';

export async function listOffers(
  parts: PlansParts,
  request: ListOffersRequest,
): Promise<MessageInitShape<typeof ListOffersResponseSchema>> {
  const { records } = await parts.prices.read(request.country);
  const atMs = request.atMs === 0 ? parts.nowMs() : request.atMs;
  const inForce = pricesInForce(
    records.map(({ price }) => price),
    atMs,
  );
  return { offers: inForce.map((price) => ({ plan: planOf(price.planId), price })), trialDays: parts.config.trialDays };
}

export async function getPrice(parts: PlansParts, { priceId }: GetPriceRequest): Promise<MessageInitShape<typeof GetPriceResponseSchema>> {
  const country = countryOfPriceId(priceId);
  const records = country === null ? [] : (await parts.prices.read(country)).records;
  const found = records.find(({ price }) => price.id === priceId);
  if (found === undefined) throw new RpcError('not_found', `there is no price ${JSON.stringify(priceId.slice(0, SHOWN_MAX))}`);
  return { price: found.price, plan: planOf(found.price.planId) };
}

export function listPlans(): MessageInitShape<typeof ListPlansResponseSchema> {
  return { plans: PLAN_IDS.map(planOf) };
}

export function listCountries({ prices }: PlansParts): MessageInitShape<typeof ListCountriesResponseSchema> {
  return {
    countries: [...prices.countries].map(([code, currency]) => ({ code, currency, currencyDigits: currencyOf(currency).digits })),
  };
}

const SHOWN_MAX = 80;
