import type { Logger } from '@bioscope/telemetry';
import type { TlsConfig } from '../config.ts';
import type { Certificates } from './certificates.ts';
import { certificatesFromFiles } from './certificates-from-files.ts';
import { certificatesOfLocalAuthority } from './certificates-of-local-authority.ts';

/** The certificates that the settings name. Rejects when there are none to begin with. */
export async function openCertificates({ tls, suffix, log }: { tls: TlsConfig; suffix: string; log: Logger }): Promise<Certificates> {
  switch (tls.kind) {
    case 'files':
      return await certificatesFromFiles({ ...tls, log });
    case 'local':
      return await certificatesOfLocalAuthority({ ...tls, suffix, log });
    default:
      return tls satisfies never;
  }
}
