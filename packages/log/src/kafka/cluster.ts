import { type API, findCoordinatorV4, metadataV12 } from '@platformatic/kafka';
import { type Address, type Connections, nameOf } from './connections.ts';
import { messageOf, refusalOf, UnreachableError, withRefusals } from './trouble.ts';

/** A topic as the cluster last told: who leads each partition (null: nobody at the moment). */
export type TopicView = { readonly name: string; readonly id: string; readonly leaders: readonly (number | null)[] };

export type Cluster = {
  /** Asks whichever broker answers; one that does not is left for the next. */
  ask<Request extends unknown[], Answer>(api: API<Request, Answer>, request: Request, withinMs?: number): Promise<Answer>;
  /** What is known of a topic, asking when nothing is; null when there is no such topic. */
  topic(name: string): Promise<TopicView | null>;
  /** The same, asked anew: leaders move. */
  refresh(name: string): Promise<TopicView | null>;
  addressOf(node: number): Address | null;
  /** The broker that keeps a group's members and offsets. */
  coordinatorOf(group: string): Promise<Address>;
  /** How many brokers there are: those that answer for, and at least those named in the settings. */
  brokerCount(): number;
};

/** What all parts of one log know of the cluster. `bootstrap` are brokers to ask first; the others are learnt from them. */
export function createCluster(bootstrap: readonly Address[], connections: Connections): Cluster {
  const brokers = new Map<number, Address>();
  const topics = new Map<string, TopicView>();
  const asking = new Map<string, Promise<TopicView | null>>();
  let preferred: string | null = null;

  /** The one that answered last comes first: a hanging broker costs its deadline once, not with every question. */
  function candidates(): readonly Address[] {
    const all = new Map([...bootstrap, ...brokers.values()].map((address) => [nameOf(address), address]));
    return [...all].toSorted(([a], [b]) => Number(b === preferred) - Number(a === preferred)).map(([, address]) => address);
  }

  async function ask<Request extends unknown[], Answer>(
    api: API<Request, Answer>,
    request: Request,
    withinMs: number = ANSWER_MS_MAX,
  ): Promise<Answer> {
    const failures: string[] = [];
    let last: unknown;
    for (const address of candidates().slice(0, BROKERS_ASKED_MAX)) {
      try {
        const answer = await connections.call(address, api, request, withinMs);
        preferred = nameOf(address);
        return answer;
      } catch (error) {
        // A refusal is an answer too.
        if (refusalOf(error) !== null) throw error;
        if (preferred === nameOf(address)) preferred = null;
        failures.push(messageOf(error));
        last = error;
      }
    }
    throw new UnreachableError(`no broker answers (${failures.join('; ')})`, { cause: last });
  }

  async function describe(name: string): Promise<TopicView | null> {
    const answer = await withRefusals(ask(metadataV12.api, [[name], false, false]));
    if (answer.brokers.length > 0) brokers.clear();
    for (const { nodeId, host, port } of answer.brokers) brokers.set(nodeId, { host, port });
    const found = answer.topics.find((topic) => topic.name === name);
    if (found === undefined || found.partitions.length === 0) {
      topics.delete(name);
      return null;
    }
    const leaders: (number | null)[] = Array.from({ length: found.partitions.length }, () => null);
    for (const { partitionIndex, leaderId } of found.partitions) leaders[partitionIndex] = leaderId < 0 ? null : leaderId;
    const view = { name, id: found.topicId, leaders };
    topics.set(name, view);
    return view;
  }

  function refresh(name: string): Promise<TopicView | null> {
    const under = asking.get(name);
    if (under !== undefined) return under;
    const asked = describe(name).finally(() => asking.delete(name));
    asking.set(name, asked);
    return asked;
  }

  return {
    ask,
    refresh,
    async topic(name) {
      return topics.get(name) ?? (await refresh(name));
    },
    addressOf: (node) => brokers.get(node) ?? null,
    async coordinatorOf(group) {
      const { coordinators } = await ask(findCoordinatorV4.api, [GROUP_KEY, [group]]);
      const [found] = coordinators;
      if (found === undefined) throw new UnreachableError(`no broker coordinates the group ${group}`);
      return { host: found.host, port: found.port };
    },
    brokerCount: () => Math.max(brokers.size, bootstrap.length),
  };
}

const GROUP_KEY = 0;
/** Brokers answer such questions from memory. */
const ANSWER_MS_MAX = 2_000;
/** Enough to find one that answers; more would only stretch the deadline of a question. */
const BROKERS_ASKED_MAX = 4;
