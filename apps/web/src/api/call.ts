import {
  create,
  fromJson,
  toJson,
  type DescMessage,
  type DescMethodUnary,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { CallError } from './call-error.ts';
import type { ServiceHosts } from './hosts.ts';
import { DEADLINE_MS, post, type PostNeeds, type PostOptions } from './post.ts';

/** Sends one Connect unary call as JSON (https://connectrpc.com/docs/protocol). Rejects with `CallError`, or the signal's reason. */
export type Call = <I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
  options?: PostOptions,
) => Promise<MessageShape<O>>;

export function createCall(needs: PostNeeds & { readonly hosts: ServiceHosts }): Call {
  return async (method, request, options = {}) => {
    const { deadlineMs = DEADLINE_MS } = options;
    const reply = await post(
      needs,
      {
        name: method.name,
        url: `${hostOf(needs.hosts, method)}/${method.parent.typeName}/${method.name}`,
        body: JSON.stringify(toJson(method.input, create(method.input, request))),
        headers: { 'connect-protocol-version': '1', 'connect-timeout-ms': String(deadlineMs) },
      },
      options,
    );
    return readReply(method, reply as JsonValue);
  };
}

function readReply<O extends DescMessage>(method: DescMethodUnary<DescMessage, O>, reply: JsonValue): MessageShape<O> {
  try {
    // A newer server may say more than this page knows.
    return fromJson(method.output, reply, { ignoreUnknownFields: true });
  } catch (cause) {
    throw new CallError(`${method.name} answered something this page does not understand`, { failure: 'broken', cause });
  }
}

/** Playback has a door of its own, so that browsing can fail without stopping films, and the other way round. */
function hostOf(hosts: ServiceHosts, method: DescMethodUnary): string {
  return method.parent.typeName.startsWith('bioscope.playback.') ? hosts.play : hosts.api;
}
