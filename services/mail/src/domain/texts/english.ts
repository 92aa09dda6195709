import type { Texts } from '../wording.ts';

export const ENGLISH: Texts = {
  footer: '{service} sent this message because your address was entered there.',
  verify_email: {
    subject: 'Confirm your e-mail address for {service}',
    paragraphs: [
      'Welcome! Confirm that this address is yours, and your account is ready.',
      'The link works once, for {hours} hours. If you did not sign up, ignore this message: no account is made.',
    ],
    button: 'Confirm address',
  },
  already_member: {
    subject: 'You already have an account at {service}',
    paragraphs: [
      'Somebody, probably you, tried to sign up with this address. It has an account already, and nothing was changed.',
      'Sign in, or choose a new password there if you forgot yours.',
    ],
    button: 'Sign in',
  },
  reset_password: {
    subject: 'Choose a new password for {service}',
    paragraphs: [
      'You asked for a new password. The link works once, for {minutes} minutes.',
      'If you did not ask, ignore this message: your password stays as it is.',
    ],
    button: 'Choose a new password',
  },
  no_account: {
    subject: 'There is no account with this address at {service}',
    paragraphs: [
      'Somebody, probably you, asked for a new password for this address. It has no account here. Did you sign up with another address?',
      'If it was not you, ignore this message.',
    ],
    button: 'Sign up',
  },
  confirm_email: {
    subject: 'Confirm your new e-mail address for {service}',
    paragraphs: [
      'Confirm that this address is yours, and your account will use it from then on.',
      'The link works once, for {hours} hours. If you did not ask for this, ignore this message.',
    ],
    button: 'Confirm address',
  },
  email_changed: {
    subject: 'Your e-mail address at {service} was changed',
    paragraphs: [
      'Your account now uses the address {email}. This is the last message to the old one.',
      'If this was not you, write to us at once.',
    ],
  },
  password_changed: {
    subject: 'Your password at {service} was changed',
    paragraphs: [
      'Your password was changed, and all other devices were signed out.',
      'If this was not you, choose a new password at once.',
    ],
  },
  passkey_added: {
    subject: 'A passkey was added to your account at {service}',
    paragraphs: [
      'From now on the new passkey signs in to your account.',
      'If this was not you, remove it in your account and change your password.',
    ],
  },
};
