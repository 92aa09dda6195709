import { compilePolicies, Datetime, Entity } from '@bioscope/policy';
import type { CedarRecord, ContextBuilder, EntityBuilder, Gate, PolicySet } from '@bioscope/policy';
import type { Contender } from './contender.ts';
import { ACTIONS, POLICIES, SCHEMA } from './policies.ts';
import type { ActionId } from './policies.ts';
import type { StreamingRequest } from './signals.ts';

/** Three ways into the same compiled policies: decision only, with reasons, and from plain signals on. */
export function ours(requests: readonly StreamingRequest[]): {
  readonly decide: Contender;
  readonly explain: Contender;
  readonly fromSignals: Contender;
} {
  const set = compilePolicies({ policies: POLICIES, schema: SCHEMA, ids: 'annotation' });
  const maker = new Maker(set);
  const residents = new Residents(requests, maker);
  const prepared = requests.map((request): Prepared => {
    const { profile, device, title } = residents.of(request);
    return { gate: maker.gate(request.action), profile, title, context: maker.context(request, device) };
  });
  const isAllowed = ({ gate, profile, title, context }: Prepared): boolean => gate.decide(profile, title, context) === 'allow';
  const isExplained = ({ gate, profile, title, context }: Prepared): boolean => gate.explain(profile, title, context).decision === 'allow';
  return {
    decide: contender('ours, resident entities', prepared, isAllowed),
    explain: contender('ours, with reasons', prepared, isExplained),
    fromSignals: contender('ours, from signals', requests, (request) => maker.isAllowed(request)),
  };
}

type Prepared = { readonly gate: Gate; readonly profile: Entity; readonly title: Entity; readonly context: CedarRecord };

function contender<T>(name: string, items: readonly T[], isAllowed: (item: T) => boolean): Contender {
  return {
    name,
    passRequests: items.length,
    run: (count) => {
      let allowed = 0;
      for (let index = 0; index < count; index += 1) if (isAllowed(items[index] as T)) allowed += 1;
      return allowed;
    },
    decisions: (count) => items.slice(0, count).map(isAllowed),
  };
}

/** Accounts, devices and titles are shared by requests: each is made once and stays, as a service would hold them. */
class Residents {
  readonly #entities = new Map<string, Entity>();
  readonly #maker: Maker;

  constructor(requests: readonly StreamingRequest[], maker: Maker) {
    this.#maker = maker;
    for (const request of requests) this.of(request);
  }

  of(request: StreamingRequest): { readonly profile: Entity; readonly device: Entity; readonly title: Entity } {
    const account = this.#entity(request.account.id, () => this.#maker.account(request));
    return {
      profile: this.#entity(request.profile.id, () => this.#maker.profile(request, account)),
      device: this.#entity(request.device.id, () => this.#maker.device(request)),
      title: this.#entity(request.title.id, () => this.#maker.title(request)),
    };
  }

  #entity(id: string, make: () => Entity): Entity {
    let entity = this.#entities.get(id);
    if (entity === undefined) this.#entities.set(id, (entity = make()));
    return entity;
  }
}

class Maker {
  readonly #gates: ReadonlyMap<ActionId, Gate>;
  readonly #account: EntityBuilder;
  readonly #profile: EntityBuilder;
  readonly #device: EntityBuilder;
  readonly #title: EntityBuilder;
  readonly #context: ContextBuilder;

  constructor(set: PolicySet) {
    const gate = (id: ActionId): Gate => set.gate({ principalType: 'Profile', action: { type: 'Action', id }, resourceType: 'Title' });
    this.#gates = new Map(ACTIONS.map((id) => [id, gate(id)]));
    this.#account = set.entityBuilder('Account');
    this.#profile = set.entityBuilder('Profile');
    this.#device = set.entityBuilder('Device');
    this.#title = set.entityBuilder('Title');
    this.#context = set.contextBuilder({ type: 'Action', id: 'play' });
  }

  gate(action: ActionId): Gate {
    const gate = this.#gates.get(action);
    if (gate === undefined) throw new Error(`there is no gate for ${action}`);
    return gate;
  }

  isAllowed(request: StreamingRequest): boolean {
    const profile = this.profile(request, this.account(request));
    return this.gate(request.action).decide(profile, this.title(request), this.context(request, this.device(request))) === 'allow';
  }

  account({ account }: StreamingRequest): Entity {
    return this.#account(account.id, account);
  }

  profile({ profile }: StreamingRequest, account: Entity): Entity {
    const { isOwner, isKids, maturityMax, pinAbove, blockedIds } = profile;
    const blocked = blockedIds?.map((id) => new Entity('Title', id));
    return this.#profile(profile.id, { account, isOwner, isKids, maturityMax, pinAbove, blocked });
  }

  device({ device }: StreamingRequest): Entity {
    return this.#device(device.id, device);
  }

  title({ title }: StreamingRequest): Entity {
    const { isFree, maturity, countries, drmLevel } = title;
    return this.#title(title.id, {
      isFree,
      maturity,
      countries,
      from: new Datetime(title.fromMs),
      until: new Datetime(title.untilMs),
      drmLevel,
    });
  }

  context({ country, resolution, streams, nowMs, isPinEntered, isAtHome, travelDays }: StreamingRequest, device: Entity): CedarRecord {
    return this.#context({ device, country, resolution, streams, now: new Datetime(nowMs), isPinEntered, isAtHome, travelDays });
  }
}
