import type { Texts } from '../wording.ts';

export const GERMAN: Texts = {
  footer: '{service} hat diese Nachricht geschickt, weil deine Adresse dort eingegeben wurde.',
  verify_email: {
    subject: 'Bestätige deine E-Mail-Adresse für {service}',
    paragraphs: [
      'Willkommen! Bestätige, dass diese Adresse dir gehört, dann ist dein Konto fertig.',
      'Der Link gilt einmal und {hours} Stunden lang. Wenn du dich nicht angemeldet hast, lass diese Nachricht einfach liegen: Es entsteht kein Konto.',
    ],
    button: 'Adresse bestätigen',
  },
  already_member: {
    subject: 'Du hast bereits ein Konto bei {service}',
    paragraphs: [
      'Jemand, vermutlich du, wollte sich mit dieser Adresse registrieren. Es gibt dazu schon ein Konto, und nichts wurde geändert.',
      'Melde dich an, oder wähle dort ein neues Passwort, wenn du deines vergessen hast.',
    ],
    button: 'Anmelden',
  },
  reset_password: {
    subject: 'Wähle ein neues Passwort für {service}',
    paragraphs: [
      'Du hast ein neues Passwort angefordert. Der Link gilt einmal und {minutes} Minuten lang.',
      'Wenn du das nicht warst, lass diese Nachricht einfach liegen: Dein Passwort bleibt, wie es ist.',
    ],
    button: 'Neues Passwort wählen',
  },
  no_account: {
    subject: 'Zu dieser Adresse gibt es kein Konto bei {service}',
    paragraphs: [
      'Jemand, vermutlich du, hat für diese Adresse ein neues Passwort angefordert. Sie hat hier kein Konto. Hast du dich mit einer anderen Adresse registriert?',
      'Wenn du das nicht warst, lass diese Nachricht einfach liegen.',
    ],
    button: 'Registrieren',
  },
  confirm_email: {
    subject: 'Bestätige deine neue E-Mail-Adresse für {service}',
    paragraphs: [
      'Bestätige, dass diese Adresse dir gehört; dein Konto benutzt sie von da an.',
      'Der Link gilt einmal und {hours} Stunden lang. Wenn du das nicht warst, lass diese Nachricht einfach liegen.',
    ],
    button: 'Adresse bestätigen',
  },
  email_changed: {
    subject: 'Deine E-Mail-Adresse bei {service} wurde geändert',
    paragraphs: [
      'Dein Konto benutzt jetzt die Adresse {email}. Das ist die letzte Nachricht an die alte.',
      'Wenn du das nicht warst, schreib uns sofort.',
    ],
  },
  password_changed: {
    subject: 'Dein Passwort bei {service} wurde geändert',
    paragraphs: [
      'Dein Passwort wurde geändert, und alle anderen Geräte wurden abgemeldet.',
      'Wenn du das nicht warst, wähle sofort ein neues Passwort.',
    ],
  },
  passkey_added: {
    subject: 'Deinem Konto bei {service} wurde ein Passkey hinzugefügt',
    paragraphs: [
      'Der neue Passkey meldet ab jetzt bei deinem Konto an.',
      'Wenn du das nicht warst, entferne ihn in deinem Konto und ändere dein Passwort.',
    ],
  },
};
