import { createHmac, timingSafeEqual } from 'node:crypto';
import { UNIT_NAME } from './keys.ts';
import type { KeyRing } from './keys.ts';

export type Identity = {
  /** The credential with which `caller` speaks to `audience`; minted once in a while, then the same string. Undefined when the key ring lacks the pair. */
  credential(caller: string, audience: string): string | undefined;
  verify(credential: string | undefined, audience: string): Verdict;
};
export type Verdict = { readonly kind: 'proven'; readonly caller: string } | { readonly kind: 'refused'; readonly because: string };

/** Long enough that minting costs nothing, short enough that a credential found in a dump is soon worthless. */
const LIFE_SECONDS = 300;
/** How far the clocks of two machines may be apart. */
const SKEW_SECONDS = 30;
/** Credentials in use: (callers × audiences) of this process, each minted anew every half life. Only genuine ones are kept, so strangers cannot fill it. */
const VERIFIED_MAX = 4_096;

const FORMAT = /^([a-z][a-z0-9-]{0,62})\.([a-z][a-z0-9-]{0,62})\.(\d{10})\.([A-Za-z0-9_-]{43})$/;

/** `nowMs` is the wall clock: expiries are compared between machines. */
export function createIdentity({ keys, nowMs }: { keys: KeyRing; nowMs: () => number }): Identity {
  const minted = new Map<string, { credential: string; renewAtMs: number }>();
  const verified = new Map<string, { caller: string; audience: string; untilMs: number }>();

  function mint(caller: string, audience: string): string | undefined {
    const key = UNIT_NAME.test(caller) && UNIT_NAME.test(audience) ? keys.key(caller, audience) : undefined;
    if (key === undefined) return undefined;
    const expiry = Math.floor(nowMs() / 1_000) + LIFE_SECONDS;
    const claim = `${caller}.${audience}.${expiry}`;
    return `${claim}.${mac(key, claim).toString('base64url')}`;
  }

  return {
    credential(caller, audience) {
      const pair = `${caller} ${audience}`;
      const known = minted.get(pair);
      if (known !== undefined && nowMs() < known.renewAtMs) return known.credential;
      const credential = mint(caller, audience);
      if (credential !== undefined) minted.set(pair, { credential, renewAtMs: nowMs() + (LIFE_SECONDS * 1_000) / 2 });
      return credential;
    },

    verify(credential, audience) {
      if (credential === undefined) return refused('the call carries no credential');
      const known = verified.get(credential);
      if (known !== undefined) {
        if (known.audience !== audience) return refused('the credential is for another unit');
        if (nowMs() <= known.untilMs) return { kind: 'proven', caller: known.caller };
        verified.delete(credential);
        return refused('the credential has expired');
      }
      const [, caller = '', meant = '', expiry = '', given = ''] = FORMAT.exec(credential) ?? [];
      if (caller === '') return refused('the credential is malformed');
      if (meant !== audience) return refused('the credential is for another unit');
      const key = keys.key(caller, audience);
      const claim = `${caller}.${audience}.${expiry}`;
      if (key === undefined || !timingSafeEqual(mac(key, claim), Buffer.from(given, 'base64url')))
        return refused('the credential is not genuine');
      const untilMs = (Number(expiry) + SKEW_SECONDS) * 1_000;
      if (nowMs() > untilMs) return refused('the credential has expired');
      if (untilMs - nowMs() > (LIFE_SECONDS + 2 * SKEW_SECONDS) * 1_000)
        return refused('the credential lives too long: are the clocks set?');
      if (verified.size >= VERIFIED_MAX) dropOldest(verified);
      verified.set(credential, { caller, audience, untilMs });
      return { kind: 'proven', caller };
    },
  };
}

function mac(key: Buffer, claim: string): Buffer {
  return createHmac('sha256', key).update(claim).digest();
}

function refused(because: string): Verdict {
  return { kind: 'refused', because };
}

function dropOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
