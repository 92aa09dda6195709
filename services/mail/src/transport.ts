import { createTransport } from 'nodemailer';

import type { Attempt } from './domain/message.ts';
import type { Rendered } from './domain/render.ts';

/** The way out. Never rejects: what went wrong is the answer. */
export type Transport = {
  send(mail: { readonly id: string; readonly to: string; readonly rendered: Rendered }): Promise<Attempt>;
  close(): void;
};

export type SmtpTimeouts = { readonly connectMs: number; readonly idleMs: number };
/** A server that does not greet in this time is tried later; mail is patient. */
const TIMEOUTS: SmtpTimeouts = { connectMs: 10_000, idleMs: 30_000 };

/** Through a mail server. The same message sent twice carries the same Message-ID, by which mailboxes drop doubles. */
export function smtpTransport({ url, from, timeouts = TIMEOUTS }: { url: string; from: string; timeouts?: SmtpTimeouts }): Transport {
  const mailer = createTransport({
    url,
    connectionTimeout: timeouts.connectMs,
    greetingTimeout: timeouts.connectMs,
    socketTimeout: timeouts.idleMs,
    // What a template renders is all that is sent: no files, no addresses to fetch from.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1);
  return {
    async send({ id, to, rendered }) {
      const { subject, text, html, language } = rendered;
      try {
        await mailer.sendMail({
          from,
          to,
          subject,
          text,
          html,
          messageId: `<${id}@${domain}>`,
          headers: { 'Content-Language': language, 'Auto-Submitted': 'auto-generated' },
        });
        return { kind: 'sent' };
      } catch (fault) {
        return attemptOf(fault);
      }
    },
    close: () => mailer.close(),
  };
}

/** Without a mail server: the outbox is where messages are read. */
export const KEEPING: Transport = { send: () => Promise.resolve({ kind: 'kept' }), close: () => undefined };

/** RFC 5321 4.2.1: 5yz will be the same tomorrow; but a refused sign-in is our setting, which an operator mends. */
function attemptOf(fault: unknown): Attempt {
  const failure = fault instanceof Error ? fault.message : String(fault);
  const code = fault instanceof Error && 'responseCode' in fault ? Number(fault.responseCode) : 0;
  const isOurs = fault instanceof Error && 'code' in fault && fault.code === 'EAUTH';
  return { kind: code >= 500 && code < 600 && !isOurs ? 'refused' : 'unreached', failure };
}
