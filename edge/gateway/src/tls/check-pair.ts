import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { CertificatePair } from './certificates.ts';

/** What is wrong with a pair that is to be used from `nowMs` (since the epoch) on, or undefined. */
export function pairFault(pair: CertificatePair, nowMs: number): string | undefined {
  try {
    const certificate = new X509Certificate(pair.cert);
    // OpenSSL takes a certificate without a key, such as one whose file is being written just now.
    if (!certificate.checkPrivateKey(createPrivateKey(pair.key))) return 'the key is another certificate’s';
    createSecureContext(pair);
    const { validFromDate, validToDate } = certificate;
    if (nowMs >= validToDate.getTime()) return `the certificate ran out on ${validToDate.toISOString()}`;
    if (nowMs < validFromDate.getTime()) return `the certificate is good from ${validFromDate.toISOString()} only: is the clock set?`;
    return undefined;
  } catch (fault) {
    return fault instanceof Error ? fault.message : String(fault);
  }
}
