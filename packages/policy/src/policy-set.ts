import { compileContextBuilder, compileEntityBuilder } from './compile/compile-builder.ts';
import type { ContextBuilder, EntityBuilder } from './compile/compile-builder.ts';
import { compileDecide, compileExplain } from './compile/compile-plan.ts';
import type { Decide, Explain } from './compile/compile-plan.ts';
import type { Environment } from './compile/environment.ts';
import { actionEntities, NO_ENTITIES } from './entities/entity-store.ts';
import type { EntitySource } from './entities/entity-store.ts';
import { PolicyFault } from './policy-fault.ts';
import { predicateOf } from './residual/resource-filter.ts';
import type { ResourceFilter } from './residual/resource-filter.ts';
import type { Schema } from './schema/schema.ts';
import type { Effect, Policy } from './syntax/policy.ts';
import { Entity, entityKey } from './values/entity.ts';
import type { EntityName } from './values/entity.ts';
import type { CedarRecord } from './values/value.ts';

export type Decision = 'allow' | 'deny';

export type Request = {
  /** A name is looked up among the entities; an `Entity` with attributes is taken as it is. */
  readonly principal: EntityName;
  readonly action: EntityName;
  readonly resource: EntityName;
  /** From `readContext` or a context builder of the same action; empty when absent. */
  readonly context?: CedarRecord;
  /** False: the context was read without the schema's types. */
  readonly isContextTyped?: boolean;
  readonly entities?: EntitySource;
};

export type Explanation = {
  readonly decision: Decision;
  /** The policies that made the decision: satisfied forbidding ones, else satisfied permitting ones. */
  readonly reasons: readonly string[];
  readonly errors: readonly PolicyError[];
};

export type PolicyError = { readonly policy: string; readonly message: string };

/** Decides all requests of one action on one type of resource; the quickest way in. */
export type Gate = {
  decide(principal: Entity, resource: Entity, context: CedarRecord, entities?: EntitySource): Decision;
  explain(principal: Entity, resource: Entity, context: CedarRecord, entities?: EntitySource): Explanation;
};

/** Policies ready to decide. Immutable, except that each combination of action and types is compiled when it first occurs. */
export class PolicySet {
  readonly policies: readonly Policy[];
  readonly schema: Schema | null;
  /** By the action's type and id, the principal's type, the resource's type. */
  readonly #plans = new Map<string, Map<string, Map<string, Map<string, Plan>>>>();
  readonly #actions: ReadonlyMap<string, Entity>;
  readonly #byId: ReadonlyMap<string, Policy>;
  #planCount = 0;

  constructor(policies: readonly Policy[], schema: Schema | null) {
    this.policies = policies;
    this.schema = schema;
    this.#byId = new Map(policies.map((policy) => [policy.id, policy]));
    this.#actions = new Map(schema === null ? [] : actionEntities(schema).map((action) => [entityKey(action), action]));
  }

  decide(request: Request): Decision {
    const { principal, action, resource, context = NO_CONTEXT, isContextTyped = true, entities = NO_ENTITIES } = request;
    const plan = this.#plan(principal.type, action, resource.type, isContextTyped);
    return plan.decide(found(principal, entities), this.#action(action, entities), found(resource, entities), context, entities)
      ? 'allow'
      : 'deny';
  }

  explain(request: Request): Explanation {
    const { principal, action, resource, context = NO_CONTEXT, isContextTyped = true, entities = NO_ENTITIES } = request;
    const plan = this.#plan(principal.type, action, resource.type, isContextTyped);
    return plan.explain(found(principal, entities), this.#action(action, entities), found(resource, entities), context, entities);
  }

  gate(types: { readonly principalType: string; readonly action: EntityName; readonly resourceType: string }): Gate {
    const plan = this.#plan(types.principalType, types.action, types.resourceType, true);
    const action = this.#action(types.action, NO_ENTITIES);
    const { decide } = plan;
    return {
      decide: (principal, resource, context, entities = NO_ENTITIES) =>
        decide(principal, action, resource, context, entities) ? 'allow' : 'deny',
      explain: (principal, resource, context, entities = NO_ENTITIES) => plan.explain(principal, action, resource, context, entities),
    };
  }

  /** Which resources of a type the principal may do this with; needs a schema. */
  filter(request: Omit<Request, 'resource' | 'isContextTyped'> & { readonly resourceType: string }): ResourceFilter {
    const { schema } = this;
    if (schema === null) throw new PolicyFault('without a schema nothing is known of resources before they are seen');
    const { context = NO_CONTEXT, entities = NO_ENTITIES, resourceType } = request;
    const [principal, action] = [found(request.principal, entities), this.#action(request.action, entities)];
    const plan = this.#plan(principal.type, action, resourceType, true);
    const known = { principal, action, context, resourceType, entities };
    return {
      ...predicateOf(this.policies, schema, known),
      matches: (resource) => plan.decide(principal, action, found(resource, entities), context, entities),
    };
  }

  /** Makes entities of a type of the schema from what a program knows. */
  entityBuilder(type: string): EntityBuilder {
    const declared = this.schema?.entityTypes.get(type);
    if (declared === undefined) throw new PolicyFault(`the schema knows no type ${type}`);
    return compileEntityBuilder(type, declared.attributes);
  }

  /** Makes contexts of an action of the schema. */
  contextBuilder(action: EntityName): ContextBuilder {
    const declared = this.schema?.actions.get(entityKey(action));
    if (declared === undefined) throw new PolicyFault(`the schema knows no action ${entityKey(action)}`);
    return compileContextBuilder(declared.context);
  }

  /** `@key("value")` of a policy. Throws when there is no such policy. */
  annotations(policyId: string): Readonly<Record<string, string>> {
    return this.#known(policyId).annotations;
  }

  effect(policyId: string): Effect {
    return this.#known(policyId).effect;
  }

  #known(policyId: string): Policy {
    const policy = this.#byId.get(policyId);
    if (policy === undefined) throw new PolicyFault(`there is no policy ${policyId}`);
    return policy;
  }

  #action(action: EntityName, entities: EntitySource): Entity {
    if (action instanceof Entity && action.attributes !== null) return action;
    return this.#actions.get(entityKey(action)) ?? found(action, entities);
  }

  #plan(principalType: string, action: EntityName, resourceType: string, isContextTyped: boolean): Plan {
    if (!isContextTyped) return new Plan(this.policies, { schema: this.schema, principalType, action, resourceType, isContextTyped });
    const known = this.#plans.get(action.type)?.get(action.id)?.get(principalType)?.get(resourceType);
    return known ?? this.#compile(principalType, action, resourceType);
  }

  #compile(principalType: string, action: EntityName, resourceType: string): Plan {
    // Names of actions and types come with requests; only those of the schema are surely few.
    if (this.#planCount >= PLANS_MAX) this.#plans.clear();
    this.#planCount = this.#planCount >= PLANS_MAX ? 1 : this.#planCount + 1;
    const plan = new Plan(this.policies, { schema: this.schema, principalType, action, resourceType, isContextTyped: true });
    const ofType = getOrMake(this.#plans, action.type, () => new Map<string, Map<string, Map<string, Plan>>>());
    const ofAction = getOrMake(ofType, action.id, () => new Map<string, Map<string, Plan>>());
    getOrMake(ofAction, principalType, () => new Map<string, Plan>()).set(resourceType, plan);
    return plan;
  }
}

const NO_CONTEXT: CedarRecord = {};
/** Far above the combinations of a real schema; a flood of invented types cannot fill the memory. */
const PLANS_MAX = 4096;

/** The policies for one action and two types, compiled on first use. */
class Plan {
  readonly environment: Environment;
  readonly #policies: readonly Policy[];
  #explain: Explain | null = null;
  readonly decide: Decide;

  constructor(policies: readonly Policy[], environment: Environment) {
    this.#policies = policies;
    this.environment = environment;
    this.decide = compileDecide(policies, environment);
  }

  explain(principal: Entity, action: Entity, resource: Entity, context: CedarRecord, entities: EntitySource): Explanation {
    this.#explain ??= compileExplain(this.#policies, this.environment);
    const policies = this.#policies;
    const reasons: Record<Effect, string[]> = { permit: [], forbid: [] };
    const errors: PolicyError[] = [];
    this.#explain(principal, action, resource, context, entities, {
      satisfied(index) {
        const policy = policies[index];
        if (policy !== undefined) reasons[policy.effect].push(policy.id);
      },
      error(index, message) {
        const policy = policies[index];
        if (policy !== undefined) errors.push({ policy: policy.id, message });
      },
    });
    if (reasons.forbid.length > 0) return { decision: 'deny', reasons: reasons.forbid, errors };
    return { decision: reasons.permit.length > 0 ? 'allow' : 'deny', reasons: reasons.permit, errors };
  }
}

function found(name: EntityName, entities: EntitySource): Entity {
  if (name instanceof Entity && name.attributes !== null) return name;
  return entities.find(name.type, name.id) ?? (name instanceof Entity ? name : new Entity(name.type, name.id));
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
