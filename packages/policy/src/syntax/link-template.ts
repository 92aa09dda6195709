import { slotsOf } from './policy.ts';
import type { EntityScope, Policy, Slot, TemplateLink } from './policy.ts';
import { PolicyFault } from '../policy-fault.ts';
import { Entity } from '../values/entity.ts';

/** The policy that a template becomes with its slots filled. Throws when there is no such template, or a slot has no value. */
export function linkTemplate(templates: readonly Policy[], { templateId, newId, values }: TemplateLink): Policy {
  const template = templates.find(({ id }) => id === templateId);
  if (template === undefined) throw new PolicyFault(`there is no template ${templateId} (for ${newId})`);
  const slots = new Set<string>(slotsOf(template));
  const foreign = Object.keys(values).find((slot) => !slots.has(slot));
  if (foreign !== undefined) throw new PolicyFault(`${newId}: the template ${templateId} has no slot ${foreign}`);
  const fill = (entity: Entity | Slot): Entity => {
    if (typeof entity !== 'string') return entity;
    const value = values[entity];
    if (value === undefined) throw new PolicyFault(`${newId}: the slot ${entity} has no value`);
    return new Entity(value.type, value.id);
  };
  return { ...template, id: newId, principal: filled(template.principal, fill), resource: filled(template.resource, fill) };
}

function filled(scope: EntityScope, fill: (entity: Entity | Slot) => Entity): EntityScope {
  switch (scope.kind) {
    case 'any':
      return scope;
    case 'ofType':
      return { ...scope, in: scope.in === null ? null : fill(scope.in) };
    case 'is':
    case 'in':
    default:
      return { ...scope, entity: fill(scope.entity) };
  }
}
