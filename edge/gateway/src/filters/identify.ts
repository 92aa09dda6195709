import { ANONYMOUS } from '@bioscope/passport';
import type { AccessTokens, Passport, PassportOffice } from '@bioscope/passport';
import type { Countries } from '../countries.ts';
import { headerOf } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import { faultReply } from '../reply.ts';
import type { Revocations } from '../revocations.ts';
import type { InboundFilter } from './chain.ts';

export type IdentifyNeeds = {
  readonly accessTokens: AccessTokens;
  readonly revocations: Pick<Revocations, 'isRevoked'>;
};

const TOKEN = /^Bearer (bat1\.[A-Za-z0-9._-]+)$/i;

/**
 * Reads the access token, if the request has one, and keeps what it says with the exchange. Nobody is asked: the token proves itself, and what was revoked
 * is known here. A token that is not good ends the request with 401, also where none is needed: its owner should get a new one.
 */
export function identify({ accessTokens, revocations }: IdentifyNeeds): InboundFilter['run'] {
  return (exchange) => {
    const token = TOKEN.exec(headerOf(exchange.headers, 'authorization') ?? '')?.[1];
    if (token === undefined) return undefined;
    const checked = accessTokens.check(token);
    if (checked.kind === 'refused') return refuse(exchange, checked.because === 'expired' ? 'has expired' : 'is not genuine');
    if (revocations.isRevoked(checked.passport)) return refuse(exchange, 'was revoked');
    exchange.asker = checked.passport;
    return undefined;
  };
}

/** RFC 6750 section 3.1. */
function refuse(exchange: Exchange, because: string): ReturnType<InboundFilter['run']> {
  return faultReply(exchange, 401, `the access token ${because}`, 'refused', ['www-authenticate', 'Bearer error="invalid_token"']);
}

/** Makes the passport with which the request goes on, where its route wants one. The last filter: nothing is sealed for a request that is refused. */
export function issuePassport(needs: { readonly passportOffice: PassportOffice; readonly countries: Countries }): InboundFilter['run'] {
  return (exchange) => {
    if (exchange.route?.passport !== true) return undefined;
    const { asker = ANONYMOUS, requestId, clientAddress, handover } = exchange;
    // Another region's gateway may know the client's network better, such as by a setting of its own.
    const found = handover ?? needs.countries.of(clientAddress);
    exchange.passport = needs.passportOffice.issue({ ...asker, ...placeOf(asker, found), requestId });
    return undefined;
  };
}

/** Where the request comes from; where nobody knows, what the account says. */
function placeOf(asker: Passport, found: Pick<Passport, 'country' | 'countryFrom'>): Pick<Passport, 'country' | 'countryFrom'> {
  const { country, countryFrom } = found;
  if (countryFrom === 'address' || asker.country === '') return { country, countryFrom };
  return { country: asker.country, countryFrom: 'claimed' };
}
