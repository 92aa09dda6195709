import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { CertificatePair } from './certificates.ts';

/** What is wrong with a pair that is to be used from `nowMs` (since the epoch) on, or undefined. */
export function pairFault(pair: CertificatePair, nowMs: number): string | undefined {
  try {
    // Refuses what is no PEM, and a key that is another certificate's.
    createSecureContext(pair);
    const { validFromDate, validToDate } = new X509Certificate(pair.cert);
    if (nowMs >= validToDate.getTime()) return `the certificate ran out on ${validToDate.toISOString()}`;
    if (nowMs < validFromDate.getTime()) return `the certificate is good from ${validFromDate.toISOString()} only: is the clock set?`;
    return undefined;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}
