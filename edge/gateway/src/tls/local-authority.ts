import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  AuthorityKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { CertificatePair } from './certificates.ts';

/** A certificate authority that lives in one folder and is trusted by whom its owner tells to. */
export type LocalAuthority = {
  /** For others to trust: the certificate alone. */
  readonly certificateFile: string;
  /** A new key with a certificate for these host names, good from an hour ago until `untilMs`. The key is kept nowhere. */
  issue(names: readonly string[], untilMs: number): Promise<CertificatePair>;
};

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const TEN_YEARS_MS = 10 * 365 * 86_400_000;
/** For clients whose clocks are behind. */
const EARLIER_MS = 3_600_000;
const KEY_TAG = 'PRIVATE KEY';

/** Opens the authority of that folder, and makes one where there is none: once, however many processes begin at the same time. */
export async function openLocalAuthority(folder: string, nowMs: number): Promise<LocalAuthority> {
  const secretFile = join(folder, 'authority.key.pem');
  const certificateFile = join(folder, 'authority.pem');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const pair = (await readOrNothing(secretFile)) ?? (await createOnce(secretFile, nowMs));
  const [certificate, key] = await parse(pair);
  await replace(certificateFile, certificate.toString('pem'), 0o644);
  return {
    certificateFile,
    async issue(names, untilMs) {
      const keys = await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
      const issued = await X509CertificateGenerator.create({
        subject: `CN=${names[0] ?? ''}`,
        issuer: certificate.subjectName,
        notBefore: new Date(nowMs - EARLIER_MS),
        notAfter: new Date(untilMs),
        publicKey: keys.publicKey,
        signingKey: key,
        signingAlgorithm: ECDSA,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
          new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
          await AuthorityKeyIdentifierExtension.create(certificate.publicKey),
          await SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
      });
      return { key: await pemOf(keys.privateKey), cert: issued.toString('pem') };
    },
  };
}

/** Key and certificate in one file, put there whole: whoever comes second finds it taken, and reads it. */
async function createOnce(file: string, nowMs: number): Promise<string> {
  const keys = await crypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Bioscope local authority',
    keys,
    notBefore: new Date(nowMs - EARLIER_MS),
    notAfter: new Date(nowMs + TEN_YEARS_MS),
    signingAlgorithm: ECDSA,
    extensions: [
      // It can issue for hosts, not for further authorities.
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const mine = `${file}.${randomUUID()}.new`;
  await writeFile(mine, `${certificate.toString('pem')}\n${await pemOf(keys.privateKey)}\n`, { mode: 0o600 });
  try {
    await link(mine, file);
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST')) throw cause;
  } finally {
    await rm(mine, { force: true });
  }
  return await readFile(file, 'utf8');
}

async function parse(pair: string): Promise<[X509Certificate, CryptoKey]> {
  const secret = PemConverter.decodeWithHeaders(pair).find(({ type }) => type === KEY_TAG);
  if (secret === undefined) throw new Error('the local authority’s file has no private key');
  return [new X509Certificate(pair), await crypto.subtle.importKey('pkcs8', secret.rawData, ECDSA, false, ['sign'])];
}

async function pemOf(key: CryptoKey): Promise<string> {
  return PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), KEY_TAG);
}

async function readOrNothing(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return undefined;
    throw cause;
  }
}

async function replace(file: string, text: string, mode: number): Promise<void> {
  if ((await readOrNothing(file)) === text) return;
  const mine = `${file}.${randomUUID()}.new`;
  await writeFile(mine, text, { mode });
  await rename(mine, file);
}

function hasCode(fault: unknown, code: string): boolean {
  return typeof fault === 'object' && fault !== null && 'code' in fault && fault.code === code;
}
