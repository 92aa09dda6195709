import { EXTENSION_FUNCTIONS } from './extension-functions.ts';
import { BINARY_OPERATORS, hasPath, VARIABLES } from './expression.ts';
import type { Expression } from './expression.ts';
import type { ActionScope, EntityScope, Policy, Slot } from './policy.ts';
import { readEntityName } from '../entities/entity-name.ts';
import { readValue } from '../entities/read-value.ts';
import { asArray, asObject, asText, isObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { PolicyFault } from '../policy-fault.ts';
import { ANY } from '../schema/type.ts';
import { Entity } from '../values/entity.ts';
import type { Pattern } from '../values/like.ts';

/** Reads a policy, or a template, in Cedar's JSON format. Throws `PolicyFault`. */
export function policyFromJson(id: string, json: Json): Policy {
  const policy = asObject(json, id);
  const effect = asText(policy['effect'], `${id}.effect`);
  if (effect !== 'permit' && effect !== 'forbid') throw new PolicyFault(`${id}.effect: permit or forbid, not ${effect}`);
  const annotations = Object.entries(asObject(policy['annotations'] ?? {}, `${id}.annotations`));
  return {
    id,
    effect,
    annotations: Object.fromEntries(
      annotations.map(([key, value]) => [key, value === null ? '' : asText(value, `${id}.annotations.${key}`)]),
    ),
    principal: entityScope(policy['principal'], 'principal', `${id}.principal`),
    action: actionScope(policy['action'], `${id}.action`),
    resource: entityScope(policy['resource'], 'resource', `${id}.resource`),
    conditions: asArray(policy['conditions'] ?? [], `${id}.conditions`).map((each) => condition(each, `${id}.conditions`)),
  };
}

function entityScope(json: Json | undefined, name: 'principal' | 'resource', where: string): EntityScope {
  const scope = asObject(json, where);
  const operator = asText(scope['op'], `${where}.op`);
  switch (operator.toLowerCase()) {
    case 'all':
      return { kind: 'any' };
    case '==':
      return { kind: 'is', entity: entityOrSlot(scope, name, where) };
    case 'in':
      return { kind: 'in', entity: entityOrSlot(scope, name, where) };
    case 'is': {
      const type = asText(scope['entity_type'], `${where}.entity_type`);
      return { kind: 'ofType', type, in: scope['in'] === undefined ? null : entityOrSlot(asObject(scope['in'], where), name, where) };
    }
    default:
      throw new PolicyFault(`${where}.op: "${operator}" does not belong in a scope`);
  }
}

function entityOrSlot(scope: JsonObject, name: 'principal' | 'resource', where: string): Entity | Slot {
  if (scope['slot'] === undefined) return entity(scope['entity'], where);
  if (scope['slot'] !== `?${name}`) throw new PolicyFault(`${where}: the slot here can only be ?${name}`);
  return `?${name}`;
}

function entity(json: Json | undefined, where: string): Entity {
  const { type, id } = readEntityName(json, where);
  return new Entity(type, id);
}

function actionScope(json: Json | undefined, where: string): ActionScope {
  const scope = asObject(json, where);
  const operator = asText(scope['op'], `${where}.op`);
  switch (operator.toLowerCase()) {
    case 'all':
      return { kind: 'any' };
    case '==':
      return { kind: 'is', entity: entity(scope['entity'], where) };
    case 'in': {
      const { entities } = scope;
      return {
        kind: 'in',
        entities: entities === undefined ? [entity(scope['entity'], where)] : asArray(entities, where).map((each) => entity(each, where)),
      };
    }
    default:
      throw new PolicyFault(`${where}.op: "${operator}" does not belong in the scope of an action`);
  }
}

function condition(json: Json, where: string): Expression {
  const clause = asObject(json, where);
  const kind = asText(clause['kind'], `${where}.kind`);
  const body = expression(clause['body'], where);
  if (kind === 'when') return body;
  if (kind === 'unless') return { kind: 'not', of: body };
  throw new PolicyFault(`${where}.kind: when or unless, not ${kind}`);
}

function expression(json: Json | undefined, where: string): Expression {
  const object = asObject(json, where);
  const [operator, ...others] = Object.keys(object);
  if (operator === undefined || others.length > 0)
    throw new PolicyFault(`${where}: an expression has one key, not ${others.length + (operator === undefined ? 0 : 1)}`);
  const body = object[operator];
  const inside = (key: string): Expression => expression(asObject(body, where)[key], `${where}.${operator}.${key}`);
  const binary = BINARY_OPERATORS.find((each) => each === operator);
  if (binary !== undefined) return { kind: 'binary', operator: binary, left: inside('left'), right: inside('right') };
  switch (operator) {
    case 'Value':
      return { kind: 'value', value: readValue(body, ANY, where, { entity: (type, id) => new Entity(type, id), strict: true }) };
    case 'Var': {
      const name = VARIABLES.find((each) => each === body);
      if (name === undefined) throw new PolicyFault(`${where}: there is no such variable`);
      return { kind: 'variable', name };
    }
    case '!':
      return { kind: 'not', of: inside('arg') };
    case 'neg':
      return { kind: 'negate', of: inside('arg') };
    case 'isEmpty':
      return { kind: 'isEmpty', of: inside('arg') };
    case '&&':
      return { kind: 'and', left: inside('left'), right: inside('right') };
    case '||':
      return { kind: 'or', left: inside('left'), right: inside('right') };
    case 'if-then-else':
      return { kind: 'if', test: inside('if'), whenTrue: inside('then'), otherwise: inside('else') };
    case '.':
      return { kind: 'attribute', of: inside('left'), name: asText(asObject(body, where)['attr'], `${where}.attr`) };
    case 'has': {
      const { attr } = asObject(body, where);
      return hasPath(
        inside('left'),
        Array.isArray(attr) ? attr.map((each: Json) => asText(each, `${where}.attr`)) : [asText(attr, `${where}.attr`)],
      );
    }
    case 'like':
      return { kind: 'like', of: inside('left'), pattern: pattern(asObject(body, where)['pattern'], where) };
    case 'is': {
      const { entity_type: type, in: group } = asObject(body, where);
      const is: Expression = { kind: 'is', of: inside('left'), type: asText(type, `${where}.entity_type`) };
      return group === undefined
        ? is
        : { kind: 'and', left: is, right: { kind: 'binary', operator: 'in', left: is.of, right: inside('in') } };
    }
    case 'Set':
      return { kind: 'set', items: asArray(body, where).map((item) => expression(item, where)) };
    case 'Record':
      return {
        kind: 'record',
        entries: Object.entries(asObject(body, where)).map(([name, value]) => [name, expression(value, `${where}.${name}`)]),
      };
    default:
      if (!EXTENSION_FUNCTIONS.has(operator)) throw new PolicyFault(`${where}: there is no "${operator}"`);
      return { kind: 'call', callee: operator, operands: asArray(body, where).map((operand) => expression(operand, where)) };
  }
}

function pattern(json: Json | undefined, where: string): Pattern {
  if (typeof json === 'string') return json.split('*');
  const stretches = [''];
  for (const element of asArray(json, where)) {
    if (element === 'Wildcard') stretches.push('');
    else stretches.push((stretches.pop() ?? '') + asText(isObject(element) ? element['Literal'] : element, where));
  }
  return stretches;
}
