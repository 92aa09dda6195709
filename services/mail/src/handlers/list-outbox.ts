import { KvFault } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import { MessageState, type ListOutboxRequest, type ListOutboxResponseSchema, type OutboxMessageSchema } from '../../contract/index.ts';
import type { Message, MessageStateName } from '../domain/message.ts';
import { render } from '../domain/render.ts';
import { withoutLink } from '../domain/values.ts';
import type { MailParts } from '../parts.ts';
import { keyOf } from '../store.ts';

/** A page is read message by message. */
const PAGE_MAX = 100;
const PAGE_DEFAULT = 50;

export async function listOutbox(parts: MailParts, request: ListOutboxRequest): Promise<MessageInitShape<typeof ListOutboxResponseSchema>> {
  const { messagesMax, cursor } = request;
  if (!Number.isInteger(messagesMax) || messagesMax < 0 || messagesMax > PAGE_MAX)
    throw new RpcError('invalid_argument', `messages_max is ${messagesMax}; 0 to ${PAGE_MAX} is wanted`);
  const page = { order: 'descending', entriesMax: messagesMax || PAGE_DEFAULT, ...(cursor === '' ? {} : { cursor }) } as const;
  const found = await parts.store.entries(page).catch((fault: unknown) => {
    if (fault instanceof KvFault && fault.code === 'KV_BAD_REQUEST')
      throw new RpcError('invalid_argument', 'cursor is not one that ListOutbox gave', { cause: fault });
    throw fault;
  });
  const messages = await Promise.all(
    found.entries.map(async ({ id, key }) => {
      const message = await parts.store.read(id);
      return message !== null && keyOf(message) === key ? [message] : [];
    }),
  );
  return { messages: messages.flat().map((message) => shown(parts, message)), cursor: found.cursor ?? '' };
}

function shown({ config }: MailParts, message: Message): MessageInitShape<typeof OutboxMessageSchema> {
  // Where a mail server takes messages, nobody but the addressee needs the link; it would let an operator into a member's account.
  const values = config.smtpUrl === null ? message.values : withoutLink(message.values);
  const { subject, text, language } = render({ ...message, values, service: config.serviceName });
  const { id, to, template, attempts, failure, createdAtMs, settledAtMs } = message;
  return { id, to, template, language, subject, text, state: STATES[message.state], attempts, failure, createdAtMs, settledAtMs };
}

const STATES: Readonly<Record<MessageStateName, MessageState>> = {
  waiting: MessageState.WAITING,
  sent: MessageState.SENT,
  kept: MessageState.KEPT,
  failed: MessageState.FAILED,
};
