import type { DescService, MessageInitShape } from '@bufbuild/protobuf';
import type { Passports } from '@bioscope/passport';
import { RpcError, type CallOptions, type Client, type RequestContext, type RpcHost } from '@bioscope/rpc';

import { AccessService, Action, type Area, type DecideRequest, type DecideResponseSchema, type Refusal } from '../contract/index.ts';

/** What access says to operators in a test; the test may change it at any time. */
export type OperatorRights = {
  /** `granted`: to operators, by their passports, everything. */
  answer: 'granted' | 'down' | Refusal;
  /** The areas that were asked for, in order. */
  readonly asked: Area[];
  decide(request: DecideRequest, call: RequestContext): MessageInitShape<typeof DecideResponseSchema>;
};

/** For stand-ins of access that decide about more than operators; others take `standInForAccess`. */
export function operatorRights(passports: Passports): OperatorRights {
  const asks = passports.readerFor('access');
  return {
    answer: 'granted',
    asked: [],
    decide({ action, area }, call) {
      if (action !== Action.OPERATE) throw new RpcError('unimplemented', 'not in this test');
      const { accountId, isOperator } = asks(call);
      this.asked.push(area as Area);
      if (this.answer === 'down') throw new RpcError('unavailable', 'access is down');
      if (this.answer !== 'granted') return refused(this.answer);
      return accountId !== '' && isOperator ? { outcome: { case: 'granted', value: {} } } : refused('operators_only');
    },
  };
}

function refused(because: Refusal): MessageInitShape<typeof DecideResponseSchema> {
  return { outcome: { case: 'refused', value: { because } } };
}

/** Serves an access that knows of operators alone, for units whose tests ask it nothing else. The host must speak for `access`. */
export function standInForAccess(
  host: RpcHost,
  { passports, callers }: { passports: Passports; callers: readonly string[] },
): OperatorRights {
  const rights = operatorRights(passports);
  const notCalled = (): never => {
    throw new RpcError('unimplemented', 'not in this test');
  };
  host
    .as('access')
    .serve(
      AccessService,
      { decide: (request, call) => rights.decide(request, call), decideBatch: notCalled, explain: notCalled, listPolicies: notCalled },
      { '*': callers },
    );
  return rights;
}

/** The client, every call of which is made within a request of its own, unless it says within which. */
export function askedWithin<S extends DescService>(service: S, client: Client<S>, within: () => RequestContext): Client<S> {
  const methods = client as Readonly<Record<string, (request: object, options?: CallOptions) => Promise<unknown>>>;
  const asking = service.methods.map(({ localName }) => [
    localName,
    (request: object, options: CallOptions = {}) => methods[localName]?.(request, { within: within(), ...options }),
  ]);
  return Object.fromEntries(asking) as Client<S>;
}

/**
 * Asks every method of a service, about somebody else's account where its request can name one and else with nothing in it; answers those that did not refuse with `permission_denied`. With the call of an operator whom access
 * refuses: what is left is what members, visitors and units may do. A method that is new is in the answer until it is guarded.
 */
export async function methodsOpenTo<S extends DescService>(
  service: S,
  client: Client<S>,
  options: CallOptions,
): Promise<readonly string[]> {
  const methods = client as Readonly<Record<string, (request: object, options: CallOptions) => Promise<unknown>>>;
  const open: string[] = [];
  for (const { localName, input } of service.methods) {
    const request = input.fields.some((field) => field.localName === 'accountId') ? { accountId: 'somebody-else' } : {};
    const code = await (methods[localName]?.(request, options) ?? Promise.reject(new TypeError(`there is no ${localName}`))).then(
      () => 'answered',
      (fault: unknown) => {
        if (fault instanceof RpcError) return fault.code;
        throw fault;
      },
    );
    if (code !== 'permission_denied') open.push(localName);
  }
  return open;
}
