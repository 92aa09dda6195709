import { readFile } from 'node:fs/promises';
import type { Logger } from '@bioscope/telemetry';
import type { CertificatePair, Certificates } from './certificates.ts';
import { pairFault } from './check-pair.ts';

/** Soon enough for a renewal, which comes weeks before the old certificate runs out; read and compared, because links and mounted secrets tell nobody that they changed. */
const LOOK_EVERY_MS = 2_000;

/**
 * A pair from two PEM files, read again when they change. New files that cannot be used, such as one that is written already while the other is not yet, are
 * refused with a warning, and the old pair stays. Rejects when the files cannot be used to begin with.
 */
export async function certificatesFromFiles(needs: {
  certificateFile: string;
  keyFile: string;
  log: Logger;
  lookEveryMs?: number;
}): Promise<Certificates> {
  const { certificateFile, keyFile, log } = needs;
  const listeners = new Set<(pair: CertificatePair) => void>();
  let current = await read();
  let refused = '';
  const fault = pairFault(current, Date.now());
  if (fault !== undefined) throw new Error(`${certificateFile} and ${keyFile} cannot be used for TLS: ${fault}`);

  async function read(): Promise<CertificatePair> {
    const [cert, key] = await Promise.all([readFile(certificateFile, 'utf8'), readFile(keyFile, 'utf8')]);
    return { cert, key };
  }

  async function look(): Promise<void> {
    let wrong: string | undefined;
    try {
      const found = await read();
      if (found.cert === current.cert && found.key === current.key) return void (refused = '');
      wrong = pairFault(found, Date.now());
      if (wrong === undefined) {
        current = found;
        for (const listener of listeners) listener(current);
        log.info({ certificateFile }, 'the new certificate is in use');
      }
    } catch (cause) {
      wrong = cause instanceof Error ? cause.message : String(cause);
    }
    if (wrong !== undefined && wrong !== refused)
      log.warn({ certificateFile, keyFile, because: wrong }, 'the new certificate cannot be used; the old one stays');
    refused = wrong ?? '';
  }

  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined));
  }, needs.lookEveryMs ?? LOOK_EVERY_MS);
  return {
    current: () => current,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => clearInterval(timer),
  };
}
