import currencyData from 'cldr-core/supplemental/currencyData.json' with { type: 'json' };
import territoryInfo from 'cldr-core/supplemental/territoryInfo.json' with { type: 'json' };
import countries from 'i18n-iso-countries';

import { CURRENCIES } from '../src/domain/currency.ts';
import { REFERENCE_COUNTRY, type CountryFacts } from '../src/domain/derive-prices.ts';

/** Every country of ISO 3166-1 where people live and CLDR knows what they earn, by code, as of a day. Source: Unicode CLDR 48 (licence Unicode-3.0). */
export function readFacts(asOf: string): readonly CountryFacts[] {
  const territories: Readonly<Record<string, { readonly _gdp: string; readonly _population: string }>> =
    territoryInfo.supplemental.territoryInfo;
  const perHead = (code: string): number => Number(territories[code]?._gdp) / Number(territories[code]?._population);
  return Object.keys(territories)
    .filter((code) => countries.isValid(code) && perHead(code) > 0 && Number.isFinite(perHead(code)))
    .sort()
    .map((code) => ({
      code,
      currency: billedIn(code, asOf),
      incomeIndex: Number((perHead(code) / perHead(REFERENCE_COUNTRY)).toPrecision(4)),
    }));
}

/** The legal tender when we bill in it, else US dollars. */
function billedIn(code: string, asOf: string): string {
  const regions: Readonly<Record<string, readonly Readonly<Record<string, Tender>>[]>> = currencyData.supplemental.currencyData.region;
  const tenders = (regions[code] ?? []).flatMap((each) => Object.entries(each));
  const current = tenders.filter(([, { _from, _to, _tender }]) => _tender !== 'false' && (_from ?? '') <= asOf && (_to ?? '9999') > asOf);
  const newestFirst = current.sort(([, one], [, other]) => ((one._from ?? '') < (other._from ?? '') ? 1 : -1));
  return newestFirst.find(([currency]) => CURRENCIES[currency] !== undefined)?.[0] ?? 'USD';
}

type Tender = { readonly _from?: string; readonly _to?: string; readonly _tender?: string };
