import { PASSPORT_HEADER, RpcError } from '@bioscope/rpc';
import type { RequestContext } from '@bioscope/rpc';
import { AUDIENCES, audienceOf } from './audiences.ts';
import type { Audience } from './audiences.ts';
import { weeklyKeys } from './keys.ts';
import type { RotatingKeys } from './keys.ts';
import type { Passport } from './passport.ts';
import { openPassport, sealPassport } from './seal.ts';

/** What a unit needs to know of a request to learn who asks. RPC handlers have it as their `call`. */
export type AskedCall = Pick<RequestContext, 'header' | 'requestId'>;

/** For units that are asked. `port<Passports>('passports')`. */
export type Passports = {
  /** Reads and checks the passport of a call as the named unit. The reader throws `RpcError` `unauthenticated` when there is none, or none that is good. */
  readonly readerFor: (unit: string) => (call: AskedCall) => Passport;
};

/** For the gateway, which alone makes passports. `port<PassportOffice>('passportOffice')`. */
export type PassportOffice = {
  /** The header's value for the request that `passport.requestId` names. */
  readonly issue: (passport: Omit<Passport, 'issuedAtMs' | 'expiresAtMs'>) => string;
};

/** A request with all its retries is over by then; the longest poll is 30 s. */
const LIFE_MS = 60_000;

export function passportsFrom({ secret, nowMs }: { secret: string; nowMs: () => number }): {
  passports: Passports;
  passportOffice: PassportOffice;
} {
  const keys = new Map<Audience, RotatingKeys>(
    AUDIENCES.map((audience) => [audience, weeklyKeys({ secret, purpose: `passport\n${audience}`, nowMs })]),
  );
  return {
    passports: {
      readerFor(unit) {
        const audience = audienceOf(unit);
        const ring = keys.get(audience);
        if (ring === undefined) throw new Error(`there are no keys for ${audience}`);
        return (call) => {
          const sealed = call.header(PASSPORT_HEADER);
          if (sealed === undefined) throw new RpcError('unauthenticated', 'the call carries no passport');
          const opened = openPassport(sealed, { audience, keys: ring, requestId: call.requestId, nowMs: nowMs() });
          if (opened.kind === 'refused') throw new RpcError('unauthenticated', opened.because);
          return opened.passport;
        };
      },
    },
    passportOffice: {
      issue(passport) {
        const issuedAtMs = nowMs();
        return sealPassport({ ...passport, issuedAtMs, expiresAtMs: issuedAtMs + LIFE_MS }, keys);
      },
    },
  };
}
