/** Every message there is, with the values that it needs. `link` is the address of its button. */
export const TEMPLATES = {
  /** Somebody signs up with this address: `link` proves that they read its mail. */
  verify_email: ['link', 'hours'],
  /** Somebody signs up with an address that has an account: nothing happened, `link` leads to signing in. */
  already_member: ['link'],
  /** `link` lets its reader choose a new password. */
  reset_password: ['link', 'minutes'],
  /** Somebody asked for a new password for an address without an account. `link` leads to signing up. */
  no_account: ['link'],
  /** To the new address of an account: `link` proves that it is read. */
  confirm_email: ['link', 'hours'],
  /** To the old address, once the account has another. */
  email_changed: ['email'],
  password_changed: [],
  passkey_added: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type TemplateId = keyof typeof TEMPLATES;
