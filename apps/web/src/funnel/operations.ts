import { operation } from '../graph/operation.ts';
import type { Offers } from './offer.ts';
import countries from './countries.graphql';
import offers from './offers.graphql';

export const OFFERS = operation<{ readonly offers: Offers }, { readonly country: string | null }>(offers);
export const COUNTRIES = operation<{ readonly countries: readonly { readonly code: string }[] }>(countries);
