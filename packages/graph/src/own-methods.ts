import { create } from '@bufbuild/protobuf';
import type { DescMessage, DescMethodUnary, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';

import type { Handlers, RequestContext } from '@bioscope/rpc';

/** One function per rpc, as a client has them, answered by the service itself. */
export type OwnMethods<S extends DescService> = {
  readonly [M in keyof S['method']]: S['method'][M] extends DescMethodUnary<infer I extends DescMessage, infer O extends DescMessage>
    ? (request: MessageInitShape<I>, call: RequestContext) => Promise<MessageShape<O>>
    : never;
};

/** A service's own RPC handlers for its resolvers: what the graph says and what RPC says is the same, decided in one place. */
export function ownMethods<S extends DescService>(service: S, handlers: Handlers<S>): OwnMethods<S> {
  const methods: Record<string, unknown> = {};
  for (const { localName, input, output } of service.methods) {
    const handler = (handlers as Readonly<Record<string, (request: unknown, call: RequestContext) => unknown>>)[localName];
    if (handler === undefined) throw new TypeError(`there is no handler for ${localName}`);
    methods[localName] = async (request: MessageInitShape<DescMessage>, call: RequestContext) =>
      create(output, (await handler(create(input, request), call)) as MessageInitShape<DescMessage>);
  }
  // One function per unary method, which is what the type says.
  return methods as OwnMethods<S>;
}
