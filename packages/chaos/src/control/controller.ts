import { create, fromJsonString, toJsonString } from '@bufbuild/protobuf';
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { errorFromAnswer, RpcError } from '@bioscope/rpc';
import type { Rpc } from '@bioscope/rpc';
import { ChaosService } from '../../contract/index.ts';
import type { Standing } from '../../contract/index.ts';
import { messageOfRule } from '../fault/rule-message.ts';
import type { FaultRule } from '../fault/rule.ts';

/** Orders faults in every process of a deployment. */
export type Controller = {
  /** Puts or renews. Who could not be reached is named, not thrown: processes die in these experiments. Rejects when a process refuses the rules. */
  put(rules: readonly FaultRule[], leaseMs: number): Promise<Reach>;
  withdraw(ids: readonly string[]): Promise<Reach>;
  list(): Promise<ReadonlyMap<string, readonly Standing[]>>;
  close(): Promise<void>;
};
export type Reach = { readonly reached: readonly string[]; readonly unreached: readonly string[] };

/** A process that does not answer within this is paused or dead; its lease will heal it. */
const DEADLINE_MS = 1_500;

/** `rpc` is bound to the unit `CONTROLLER`. `addresses`: host:port of every process's RPC listener, asked anew for each order. */
export function createController(needs: { rpc: Rpc; addresses: () => Promise<readonly string[]> }): Controller {
  const { rpc, addresses } = needs;
  const upstream = rpc.upstream('chaos', { connectionsMax: 1 });

  async function everywhere<I extends DescMessage, O extends DescMessage>(
    method: { readonly name: string; readonly input: I; readonly output: O },
    request: MessageInitShape<I>,
  ): Promise<Reach & { readonly answers: ReadonlyMap<string, MessageShape<O>> }> {
    const body = toJsonString(method.input, create(method.input, request));
    const answers = new Map<string, MessageShape<O>>();
    const unreached: string[] = [];
    await Promise.all(
      (await addresses()).map(async (address) => {
        const answer = await post(address, method.name, body, upstream.credential());
        if (answer === undefined) unreached.push(address);
        else answers.set(address, fromJsonString(method.output, answer));
      }),
    );
    return { reached: [...answers.keys()], unreached, answers };
  }

  return {
    put: (rules, leaseMs) => everywhere(ChaosService.method.put, { rules: rules.map(messageOfRule), leaseMs }),
    withdraw: (ids) => everywhere(ChaosService.method.withdraw, { ids: [...ids] }),
    async list() {
      const { answers } = await everywhere(ChaosService.method.list, {});
      return new Map([...answers].map(([address, { standing }]) => [address, standing]));
    },
    close: () => upstream.close(),
  };
}

/** One process is meant, not whichever is best: hence past the choice of instances. Undefined: it did not answer. */
async function post(address: string, method: string, body: string, credential: readonly [string, string]): Promise<string | undefined> {
  let answer: { status: number; type: string; text: string };
  try {
    const response = await fetch(`http://${address}/${ChaosService.typeName}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'connect-protocol-version': '1', [credential[0]]: credential[1] },
      body,
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    answer = { status: response.status, type: response.headers.get('content-type') ?? '', text: await response.text() };
  } catch {
    return undefined;
  }
  if (answer.status === 200) return answer.text;
  const error = errorFromAnswer(answer.status, answer.type, Buffer.from(answer.text), false);
  // It is starting, or it goes away: as good as not there.
  if (error.code === 'unavailable') return undefined;
  throw new RpcError(error.code, `the process at ${address}: ${error.message}`, { cause: error });
}
