import type { SessionAnswer } from './session-door.ts';
import type { MemberSession } from './session.ts';

type Asks = Pick<MemberSession, 'ask'>;

/** Whether this browser speaks of passkeys in JSON (WebAuthn Level 3), which all have since 2025. */
export function hasPasskeys(): boolean {
  return typeof PublicKeyCredential !== 'undefined' && 'parseRequestOptionsFromJSON' in PublicKeyCredential;
}

/** Signs in with a passkey that the person chooses; null when the browser gave none. */
export async function signInWithPasskey({ ask }: Asks): Promise<SessionAnswer | null> {
  const offered = await ask('passkey/sign-in-options');
  if (offered.kind !== 'options') return offered;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(offered.options as PublicKeyCredentialRequestOptionsJSON);
  const response = await fromBrowser(() => navigator.credentials.get({ publicKey }));
  return response === null ? null : ask('passkey/sign-in', { response });
}

/** Makes a passkey for the account that is signed in; null when the browser made none. */
export async function addPasskey({ ask }: Asks, given: { password: string; name: string }): Promise<SessionAnswer | null> {
  const offered = await ask('passkey/register-options', { password: given.password });
  if (offered.kind !== 'options') return offered;
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(offered.options as PublicKeyCredentialCreationOptionsJSON);
  const response = await fromBrowser(() => navigator.credentials.create({ publicKey }));
  return response === null ? null : ask('passkey/register', { response, name: given.name });
}

/** Whoever closes the window of the browser, or lets it wait, has made no fault: browsers reject for that. */
async function fromBrowser(call: () => Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await call();
    return credential instanceof PublicKeyCredential ? credential.toJSON() : null;
  } catch {
    return null;
  }
}
