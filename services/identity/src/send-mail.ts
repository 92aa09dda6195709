import type { TemplateId } from '@bioscope/mail/contract';

import type { IdentityParts } from './parts.ts';

/** Mail keeps what it takes at once and sends later: it answers in milliseconds or is down. */
const DEADLINE_MS = 3_000;

/** Rejects with `RpcError` when mail does not take the message: who asked is told to try again. */
export async function sendMail(
  { mail }: Pick<IdentityParts, 'mail'>,
  message: { to: string; template: TemplateId; language: string; values: Record<string, string>; key: string },
): Promise<void> {
  const { key, ...rest } = message;
  await mail.send({ ...rest, idempotencyKey: key }, { deadlineMs: DEADLINE_MS, idempotent: true });
}

/** For messages that only tell of what is done already: without them it stays done. */
export async function tellByMail(parts: Pick<IdentityParts, 'mail' | 'log'>, message: Parameters<typeof sendMail>[1]): Promise<void> {
  await sendMail(parts, message).catch((err: unknown) =>
    parts.log.warn({ err, template: message.template }, 'a member could not be told by mail'),
  );
}
