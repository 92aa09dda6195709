import { operation } from '../graph/operation.ts';
import type { AccountChange } from '../member/account-change.ts';
import type { Money, PaymentCard } from '../membership/standing.ts';
import changeEmail from './change-email.graphql';
import changePassword from './change-password.graphql';
import invoices from './invoices.graphql';
import removePasskey from './remove-passkey.graphql';
import security from './security.graphql';
import setAccountPin from './set-account-pin.graphql';
import signOutDevice from './sign-out-device.graphql';

export type Invoice = {
  readonly number: string;
  readonly issuedAtMs: number;
  readonly total: Money;
  readonly lines: readonly {
    readonly kind: string;
    readonly plan: { readonly id: string } | null;
    readonly periodFromMs: number;
    readonly periodUntilMs: number;
    readonly amount: Money;
  }[];
  readonly card: Pick<PaymentCard, 'brand' | 'last4'> | null;
};

export type Security = {
  readonly devices: readonly { readonly id: string; readonly name: string; readonly kind: string; readonly lastSeenMs: number }[];
  readonly passkeys: readonly {
    readonly id: string;
    readonly name: string;
    readonly addedAtMs: number;
    readonly usedAtMs: number | null;
  }[];
};

type Command = { readonly commandId: string };

export const INVOICES = operation<{ readonly invoices: readonly Invoice[] }>(invoices);
export const SECURITY = operation<Security>(security);
export const SET_ACCOUNT_PIN = operation<
  { readonly setAccountPin: AccountChange },
  Command & { readonly password: string; readonly pin: string }
>(setAccountPin);
export const CHANGE_PASSWORD = operation<
  { readonly changePassword: AccountChange },
  Command & { readonly password: string; readonly newPassword: string }
>(changePassword);
export const CHANGE_EMAIL = operation<{ readonly changeEmail: AccountChange }, { readonly password: string; readonly newEmail: string }>(
  changeEmail,
);
export const REMOVE_PASSKEY = operation<{ readonly removePasskey: AccountChange }, Command & { readonly passkeyId: string }>(removePasskey);
export const SIGN_OUT_DEVICE = operation<{ readonly signOutDevice: AccountChange }, { readonly deviceId: string }>(signOutDevice);
