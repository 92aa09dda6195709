import { randomUUID } from 'node:crypto';
import { PASSPORT_HEADER } from '@bioscope/rpc';
import { accessTokens } from './access-tokens.ts';
import type { AccessTokens } from './access-tokens.ts';
import { weeklyKeys } from './keys.ts';
import { ANONYMOUS } from './passport.ts';
import type { Passport } from './passport.ts';
import { passportsFrom } from './passports.ts';
import type { PassportOffice, Passports } from './passports.ts';

export type TestPassports = {
  readonly passports: Passports;
  readonly passportOffice: PassportOffice;
  readonly accessTokens: AccessTokens;
  /** The headers of a request by that member: passport and request id. */
  readonly headersFor: (passport: Partial<Passport>) => Record<string, string>;
  /** What calls made `within` that member's request take: `rpc.client(X).method(request, { within: testPassports().within({ accountId }) })`. */
  readonly within: (passport: Partial<Passport>) => {
    readonly caller: string;
    readonly deadlineAtMs: number;
    readonly signal: AbortSignal;
    readonly traceparent: string;
    readonly requestId: string;
    header(name: string): string | undefined;
  };
};

const SECRET = '07'.repeat(32);

/** Real passports and tokens with keys that everybody knows, for tests of units. */
export function testPassports({ secret = SECRET, nowMs = Date.now }: { secret?: string; nowMs?: () => number } = {}): TestPassports {
  const { passports, passportOffice } = passportsFrom({ secret, nowMs });
  const headersFor = (passport: Partial<Passport>): Record<string, string> => {
    const requestId = passport.requestId ?? randomUUID();
    return { [PASSPORT_HEADER]: passportOffice.issue({ ...ANONYMOUS, ...passport, requestId }), 'x-request-id': requestId };
  };
  return {
    passports,
    passportOffice,
    accessTokens: accessTokens({ keys: weeklyKeys({ secret, purpose: 'access-token', nowMs }), nowMs }),
    headersFor,
    within(passport) {
      const headers = headersFor(passport);
      return {
        caller: 'gateway',
        deadlineAtMs: Date.now() + 30_000,
        signal: new AbortController().signal,
        traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-00`,
        requestId: headers['x-request-id'] ?? '',
        header: (name) => headers[name.toLowerCase()],
      };
    },
  };
}
