/**
 * Golden vectors for segment tokens, made with `openssl dgst -sha256 -mac HMAC`. Whoever checks tokens (this package, the njs
 * check in nginx, a third-party delivery network) must reach these verdicts.
 */
import type { SegmentTokenKey, SegmentTokenVerdict } from './token.ts';

export type TokenVector = {
  /** What the vector shows. */
  readonly name: string;
  readonly token: string;
  readonly editionId: string;
  readonly verdict: SegmentTokenVerdict['kind'] | Extract<SegmentTokenVerdict, { kind: 'refused' }>['because'];
};

/** The two live keys of all vectors. Expiries lie so far away that any date of this century gives the same verdict. */
export const TOKEN_VECTOR_KEYS: readonly SegmentTokenKey[] = [
  { id: 'k1', secret: Uint8Array.from({ length: 32 }, (_, index) => index) },
  { id: 'k2', secret: Uint8Array.from({ length: 32 }, (_, index) => 32 + index) },
];

const MAC = 'tZooAAhhVsrIF4QmOSDDkrKTKIJ2KCSZuoT7dYMZn2Y';
const GOOD = `k1.4000000000.ses-1_A.${MAC}`;
const LONGEST_SESSION = 's'.repeat(64);

export const TOKEN_VECTORS: readonly TokenVector[] = [
  { name: 'a good token', token: GOOD, editionId: 'Ed_1-x', verdict: 'valid' },
  {
    name: 'a good token of the second key',
    token: 'k2.4000000000.s.S-fESbh0txSeJg0teofu_SXgEzZWof1TTZkofnjwB1M',
    editionId: 'Ed_1-x',
    verdict: 'valid',
  },
  {
    name: 'the longest expiry and session',
    token: `k1.99999999999.${LONGEST_SESSION}.GpXVSimuQHO3uJT3Ib-pqGWVLYal4uqZ1RbtruZ90wU`,
    editionId: 'Ed_1-x',
    verdict: 'valid',
  },
  {
    name: 'an expired token',
    token: 'k1.1000000000.ses-1_A.E8G_jXoMWZWUByFmSVNFsuS7XnyTaaxkPrLdsqeWWHo',
    editionId: 'Ed_1-x',
    verdict: 'expired',
  },
  { name: 'another edition', token: GOOD, editionId: 'Ed_1-y', verdict: 'wrong_mac' },
  { name: 'another session', token: `k1.4000000000.ses-1_B.${MAC}`, editionId: 'Ed_1-x', verdict: 'wrong_mac' },
  { name: 'a later expiry', token: `k1.4000000001.ses-1_A.${MAC}`, editionId: 'Ed_1-x', verdict: 'wrong_mac' },
  { name: 'the other key id', token: `k2.4000000000.ses-1_A.${MAC}`, editionId: 'Ed_1-x', verdict: 'wrong_mac' },
  {
    name: 'an expired token with a wrong mac is wrong, not expired',
    token: `k1.1000000000.ses-1_A.${MAC}`,
    editionId: 'Ed_1-x',
    verdict: 'wrong_mac',
  },
  { name: 'a changed first digit of the mac', token: `k1.4000000000.ses-1_A.u${MAC.slice(1)}`, editionId: 'Ed_1-x', verdict: 'wrong_mac' },
  {
    name: 'a changed digit in the middle of the mac',
    token: `k1.4000000000.ses-1_A.${MAC.slice(0, 21)}_${MAC.slice(22)}`,
    editionId: 'Ed_1-x',
    verdict: 'wrong_mac',
  },
  {
    name: 'a changed last digit of the mac',
    token: `k1.4000000000.ses-1_A.${MAC.slice(0, 42)}A`,
    editionId: 'Ed_1-x',
    verdict: 'wrong_mac',
  },
  { name: 'an unknown key', token: `k3.4000000000.ses-1_A.${MAC}`, editionId: 'Ed_1-x', verdict: 'unknown_key' },
  {
    name: 'a key named like a property of every object',
    token: `valueof.4000000000.s.${MAC}`,
    editionId: 'Ed_1-x',
    verdict: 'unknown_key',
  },
  { name: 'an upper-case key id', token: `K1.4000000000.ses-1_A.${MAC}`, editionId: 'Ed_1-x', verdict: 'malformed' },
  { name: 'an expiry with a leading zero', token: `k1.04000000000.ses-1_A.${MAC}`, editionId: 'Ed_1-x', verdict: 'malformed' },
  { name: 'a negative expiry', token: `k1.-400000000.ses-1_A.${MAC}`, editionId: 'Ed_1-x', verdict: 'malformed' },
  { name: 'an expiry with an exponent', token: `k1.4000000e9.ses-1_A.${MAC}`, editionId: 'Ed_1-x', verdict: 'malformed' },
  { name: 'an empty session', token: `k1.4000000000..${MAC}`, editionId: 'Ed_1-x', verdict: 'malformed' },
  { name: 'a session that is too long', token: `k1.4000000000.${LONGEST_SESSION}s.${MAC}`, editionId: 'Ed_1-x', verdict: 'malformed' },
  { name: 'a short mac', token: `k1.4000000000.ses-1_A.${MAC.slice(1)}`, editionId: 'Ed_1-x', verdict: 'malformed' },
  { name: 'no mac', token: 'k1.4000000000.ses-1_A', editionId: 'Ed_1-x', verdict: 'malformed' },
  { name: 'a mac with padding', token: `${GOOD}=`, editionId: 'Ed_1-x', verdict: 'malformed' },
  { name: 'nothing like a token', token: 'x', editionId: 'Ed_1-x', verdict: 'malformed' },
];
