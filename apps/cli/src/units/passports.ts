import { port, unit } from '@bioscope/host';
import { accessTokens, passportsFrom, weeklyKeys } from '@bioscope/passport';
import type { AccessTokens, PassportOffice, Passports } from '@bioscope/passport';

const GIVES = {
  passports: port<Passports>('passports'),
  passportOffice: port<PassportOffice>('passportOffice'),
  accessTokens: port<AccessTokens>('accessTokens'),
};

/** The keys of passports and access tokens, derived from the service's root secret. */
export function passportsUnit({ secret }: { secret: string }) {
  return unit({
    name: 'passports',
    needs: {},
    gives: GIVES,
    async start() {
      const nowMs = Date.now;
      const tokens = accessTokens({ keys: weeklyKeys({ secret, purpose: 'access-token', nowMs }), nowMs });
      return { gives: { ...passportsFrom({ secret, nowMs }), accessTokens: tokens } };
    },
  });
}
