import { createHash } from 'node:crypto';

import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type { SendRequest, SendResponseSchema } from '../../contract/index.ts';
import { readRequest } from '../domain/read-request.ts';
import { enqueueSending } from '../jobs/send-message.ts';
import type { MailParts } from '../parts.ts';

export async function send(parts: MailParts, request: SendRequest, caller: string): Promise<MessageInitShape<typeof SendResponseSchema>> {
  const verdict = readRequest({ ...request, key: request.idempotencyKey });
  if (verdict.kind === 'refused') throw new RpcError('invalid_argument', verdict.problems.join('; '));
  const { key, ...wanted } = verdict.wanted;
  const message = await parts.store.keep({
    ...wanted,
    id: messageIdOf(caller, key),
    state: 'waiting',
    attempts: 0,
    failure: '',
    createdAtMs: parts.nowMs(),
    settledAtMs: 0,
  });
  if (message.state === 'waiting') await enqueueSending(parts, message.id);
  return { messageId: message.id };
}

/** Two units may use the same key without getting into each other's way. */
function messageIdOf(caller: string, key: string): string {
  return createHash('sha256').update(`${caller}\n${key}`).digest('hex').slice(0, 32);
}
