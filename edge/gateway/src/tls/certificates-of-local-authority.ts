import { join } from 'node:path';
import type { Logger } from '@bioscope/telemetry';
import { HOST_CLASSES } from '../exchange.ts';
import type { CertificatePair, Certificates } from './certificates.ts';

/** Browsers take up to 398 days; shorter, so that renewal is not something that happens once in the life of an installation. */
const LIFE_MS = 60 * 86_400_000;
const RENEW_AFTER_MS = (2 / 3) * LIFE_MS;
/** A timer that waits longer would fire at once. */
const LOOK_EVERY_MS = 3_600_000;

/** A pair of the authority in `<folder>/tls`, for this gateway alone, renewed at two thirds of its life. */
export async function certificatesOfLocalAuthority(needs: { folder: string; suffix: string; log: Logger }): Promise<Certificates> {
  // A library of some size, which only this needs.
  const { openLocalAuthority } = await import('./local-authority.ts');
  const { log, suffix } = needs;
  const listeners = new Set<(pair: CertificatePair) => void>();
  // Each by its name: clients take no wildcard right below a top-level domain such as "localhost".
  const names = [suffix, ...HOST_CLASSES.map((name) => `${name}.${suffix}`), `*.${suffix}`];
  let issuedAtMs = 0;

  async function issue(): Promise<CertificatePair> {
    issuedAtMs = Date.now();
    const authority = await openLocalAuthority(join(needs.folder, 'tls'), issuedAtMs);
    log.info({ authority: authority.certificateFile }, 'TLS by the local authority: clients that trust this file trust the gateway');
    return await authority.issue(names, issuedAtMs + LIFE_MS);
  }

  let current = await issue();
  async function renew(): Promise<void> {
    if (Date.now() - issuedAtMs < RENEW_AFTER_MS) return;
    try {
      current = await issue();
      for (const listener of listeners) listener(current);
    } catch (err) {
      log.warn({ err }, 'the certificate could not be renewed; the old one stays');
    }
  }

  const timer = setInterval(() => void renew(), LOOK_EVERY_MS);
  return {
    current: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => clearInterval(timer),
  };
}
