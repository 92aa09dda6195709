import type { Entity, EntityName } from '../values/entity.ts';
import type { Expression } from './expression.ts';

export type Effect = 'permit' | 'forbid';
export type Slot = '?principal' | '?resource';

/** Whom a policy is about. `any`, one (`==`), members of a group (`in`), a type (`is`, possibly with `in`). */
export type EntityScope =
  | { readonly kind: 'any' }
  | { readonly kind: 'is'; readonly entity: Entity | Slot }
  | { readonly kind: 'in'; readonly entity: Entity | Slot }
  | { readonly kind: 'ofType'; readonly type: string; readonly in: Entity | Slot | null };

export type ActionScope =
  | { readonly kind: 'any' }
  | { readonly kind: 'is'; readonly entity: Entity }
  | { readonly kind: 'in'; readonly entities: readonly Entity[] };

export type Policy = {
  readonly id: string;
  readonly effect: Effect;
  readonly annotations: Readonly<Record<string, string>>;
  readonly principal: EntityScope;
  readonly action: ActionScope;
  readonly resource: EntityScope;
  /** `when` as it is, `unless` negated, in the order of the text. */
  readonly conditions: readonly Expression[];
  /** Where it stands in the text that it was read from. */
  readonly range?: { readonly start: number; readonly end: number };
};

export type TemplateLink = {
  readonly templateId: string;
  readonly newId: string;
  readonly values: Readonly<Partial<Record<Slot, EntityName>>>;
};

/** The slots that a policy leaves open; a policy with any is a template. */
export function slotsOf(policy: Policy): readonly Slot[] {
  return [policy.principal, policy.resource].flatMap((scope) => {
    if (scope.kind === 'any') return [];
    const entity = scope.kind === 'ofType' ? scope.in : scope.entity;
    return typeof entity === 'string' ? [entity] : [];
  });
}
