/** Settings of the mail service. */
export type MailConfig = {
  /** `smtp://user:password@host:587` or `smtps://…`; null when messages are only kept. Never logged: it holds a password. */
  readonly smtpUrl: string | null;
  /** The sender's address. */
  readonly from: string;
  /** What the service calls itself in messages. */
  readonly serviceName: string;
  /** How long the outbox keeps a message, and how long a key keeps the same message from being sent again. */
  readonly keptMs: number;
};

const DAY_MS = 86_400_000;
const KEPT_DAYS_DEFAULT = 30;
const KEPT_DAYS_MAX = 3_650;

/** Throws one error that names every setting that is wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): MailConfig {
  const problems: string[] = [];
  const text = (name: string, otherwise: string): string => {
    const value = environment[name];
    return value === undefined || value === '' ? otherwise : value;
  };
  const smtpUrl = text('BIOSCOPE_SMTP_URL', '');
  if (smtpUrl !== '' && !(URL.canParse(smtpUrl) && /^smtps?:$/.test(new URL(smtpUrl).protocol)))
    problems.push('BIOSCOPE_SMTP_URL is no smtp:// or smtps:// address');
  const host = text('BIOSCOPE_HOST', 'localhost');
  const from = text('BIOSCOPE_MAIL_FROM', `no-reply@${host}`);
  if (!/^[^\s<>,]{1,64}@[^\s<>,]{1,255}$/.test(from))
    problems.push(`BIOSCOPE_MAIL_FROM is ${JSON.stringify(from)}; one plain address is wanted`);
  const serviceName = text('BIOSCOPE_NAME', 'Bioscope');
  if (serviceName.length > 60 || /\p{Cc}/u.test(serviceName))
    problems.push('BIOSCOPE_NAME has more than 60 characters or control characters');
  const days = Number(text('BIOSCOPE_MAIL_KEPT_DAYS', String(KEPT_DAYS_DEFAULT)));
  if (!(Number.isInteger(days) && days >= 1 && days <= KEPT_DAYS_MAX))
    problems.push(`BIOSCOPE_MAIL_KEPT_DAYS must be a whole number from 1 to ${KEPT_DAYS_MAX}`);
  if (problems.length > 0) throw new Error(`mail cannot start: ${problems.join('; ')}`);
  return { smtpUrl: smtpUrl === '' ? null : smtpUrl, from, serviceName, keptMs: days * DAY_MS };
}
