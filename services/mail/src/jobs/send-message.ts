import { once } from 'node:events';

import type { Job, JobRun } from '@bioscope/jobs';

import { afterAttempt } from '../domain/message.ts';
import { render } from '../domain/render.ts';
import type { MailParts } from '../parts.ts';

export const SEND_QUEUE = 'mail_send';
/** With pauses that grow from one second to one minute: some six hours of a mail server's absence. Links live a day at most. */
const ATTEMPTS_MAX = 500;
/** Never the reason why a message fails: the message itself counts its attempts. */
const JOB_ATTEMPTS_MAX = ATTEMPTS_MAX * 2;

/** Enqueuing twice is the same as once. */
export async function enqueueSending({ jobs }: Pick<MailParts, 'jobs'>, messageId: string): Promise<void> {
  await jobs.enqueue({ queue: SEND_QUEUE, id: messageId, payload: {}, attemptsMax: JOB_ATTEMPTS_MAX });
}

/** One attempt. Throws when there should be another; a process that dies between the mail server's yes and ours sends the message a second time. */
export async function sendMessage(parts: MailParts, job: Pick<Job, 'id'>, { signal }: Pick<JobRun, 'signal'>): Promise<void> {
  const message = await parts.store.read(job.id);
  if (message === null || message.state !== 'waiting') return;
  const rendered = render({ ...message, service: parts.config.serviceName });
  const sending = parts.transport.send({ id: message.id, to: message.to, rendered });
  // A mail server that hangs must not hold up the end of the process; the job is given back, and its message may go out twice.
  const attempt = await Promise.race([sending, once(signal, 'abort').then(() => null)]);
  if (attempt === null) return signal.throwIfAborted();
  const after = await parts.store.change(job.id, (known) =>
    afterAttempt(known, attempt, { nowMs: parts.nowMs(), attemptsMax: ATTEMPTS_MAX }),
  );
  if (after === null) return;
  const line = { messageId: after.id, to: after.to, template: after.template, state: after.state, attempts: after.attempts };
  // Somebody who runs this on a laptop, without a mail server, has no other way to get at the link than the log and the outbox. Where
  // there is a mail server, a link in the log would open a member's account to whoever reads logs.
  if (attempt.kind === 'kept')
    parts.log.info({ ...line, link: message.values['link'] ?? '' }, 'a message is kept in the outbox: no mail server is configured');
  else if (attempt.kind === 'sent') parts.log.info(line, 'a message was sent');
  else parts.log.warn({ ...line, failure: attempt.failure }, 'a message could not be sent');
  if (after.state === 'waiting') throw new Error(after.failure);
}
