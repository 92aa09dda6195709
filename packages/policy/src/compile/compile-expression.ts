import { accessPath } from './access-path.ts';
import type { Code, Writer } from './code.ts';
import { attributesTypeOf, contextTypeOf, mayBeUnder, tagTypeOf } from './environment.ts';
import type { Environment } from './environment.ts';
import { ANY, BOOL, LONG, STRING } from '../schema/type.ts';
import type { RecordType, Type } from '../schema/type.ts';
import { EXTENSION_FUNCTIONS } from '../syntax/extension-functions.ts';
import type { BinaryOperator, Expression, Variable } from '../syntax/expression.ts';
import { CedarSet } from '../values/cedar-set.ts';
import { Entity, entityKey, sameEntity } from '../values/entity.ts';
import { extensionCall } from '../values/extension-call.ts';
import type { Pattern } from '../values/like.ts';
import { fieldOf, kindOf } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/**
 * Writes the statements that check whatever may fail, in the order in which Cedar evaluates, and returns the code of the value. Since values
 * never change, reading them later than checking them changes nothing.
 */
export function compileExpression(expression: Expression, scope: Scope): Code {
  switch (expression.kind) {
    case 'value':
      return compileValue(expression.value, scope.writer);
    case 'variable':
      return compileVariable(expression.name, scope.environment);
    case 'and':
      return compileAnd(expression.left, expression.right, scope);
    case 'or':
      return compileOr(expression.left, expression.right, scope);
    case 'not':
      return not(compileBool(expression.of, scope));
    case 'negate':
      return compileNegate(expression.of, scope);
    case 'isEmpty': {
      const set = expectSet(compileExpression(expression.of, scope), scope);
      return { text: `${set.text}.isEmpty`, type: BOOL };
    }
    case 'if':
      return compileIf(expression, scope);
    case 'binary':
      return compileBinary(expression.operator, expression.left, expression.right, scope);
    case 'attribute':
      return compileAttribute(compileExpression(expression.of, scope), expression.name, scope);
    case 'has':
      return compileHas(compileExpression(expression.of, scope), expression.name, scope);
    case 'like':
      return compileLike(expectKind(compileExpression(expression.of, scope), 'string', scope), expression.pattern, scope);
    case 'is':
      return compileIs(expectEntity(compileExpression(expression.of, scope), scope), expression.type);
    case 'set':
      return compileSet(
        expression.items.map((item) => compileExpression(item, scope)),
        scope,
      );
    case 'record':
      return compileRecord(expression.entries.map(([name, value]): [string, Code] => [name, compileExpression(value, scope)]));
    case 'call':
    default:
      return compileCall(
        expression.callee,
        expression.operands.map((operand) => compileExpression(operand, scope)),
        scope,
      );
  }
}

export type Scope = { readonly writer: Writer; readonly environment: Environment };

/** A boolean; anything else is an error of the policy. */
export function compileBool(expression: Expression, scope: Scope): Code {
  return expectKind(compileExpression(expression, scope), 'bool', scope);
}

const TRUE: Code = { text: 'true', type: BOOL, constant: true };
const FALSE: Code = { text: 'false', type: BOOL, constant: false };

function bool(value: boolean): Code {
  return value ? TRUE : FALSE;
}

/** After an error nothing is evaluated any more; whatever stands here is never read. */
const NEVER: Code = { text: 'false', type: ANY };

function compileValue(value: Value, writer: Writer): Code {
  if (typeof value === 'boolean') return bool(value);
  if (typeof value === 'number') return { text: value < 0 ? `(${value})` : String(value), type: LONG, constant: value };
  if (typeof value === 'bigint') return { text: `(${value}n)`, type: LONG, constant: value };
  if (typeof value === 'string') return { text: JSON.stringify(value), type: STRING, constant: value };
  return { text: writer.constant(value), type: typeOfConstant(value), constant: value };
}

function typeOfConstant(value: Value): Type {
  const kind = kindOf(value);
  if (value instanceof Entity) return { kind: 'entity', name: value.type };
  if (value instanceof CedarSet) return { kind: 'set', of: joinAll(value.items.map(typeOfConstant)) };
  return kind === 'record' || kind === 'set' || kind === 'entity' ? ANY : { kind };
}

function compileVariable(name: Variable, environment: Environment): Code {
  switch (name) {
    case 'principal':
      return { text: 'p', type: { kind: 'entity', name: environment.principalType } };
    case 'resource':
      return { text: 'r', type: { kind: 'entity', name: environment.resourceType } };
    case 'action': {
      const { type, id } = environment.action;
      return { text: 'a', type: { kind: 'entity', name: type }, constant: new Entity(type, id) };
    }
    case 'context':
    default:
      return { text: 'c', type: contextTypeOf(environment) };
  }
}

function compileAnd(leftExpression: Expression, rightExpression: Expression, scope: Scope): Code {
  const left = compileBool(leftExpression, scope);
  if (left.constant === false) return FALSE;
  if (left.constant === true) return compileBool(rightExpression, scope);
  const { code: right, lines } = scope.writer.branch(left.facts ?? [], () => compileBool(rightExpression, scope));
  const facts = [...(left.facts ?? []), ...(right.facts ?? [])];
  if (lines === '') return { text: `(${left.text} && ${right.text})`, type: BOOL, facts };
  const result = scope.writer.fresh();
  scope.writer.line(`let ${result} = false;\nif (${left.text}) {\n${lines}\n${result} = ${right.text};\n}`);
  // What the right side named lies in its block, so only the left side's facts can be used outside.
  return { text: result, type: BOOL, facts: left.facts ?? [] };
}

function compileOr(leftExpression: Expression, rightExpression: Expression, scope: Scope): Code {
  const left = compileBool(leftExpression, scope);
  if (left.constant === true) return TRUE;
  if (left.constant === false) return compileBool(rightExpression, scope);
  const { code: right, lines } = scope.writer.branch([], () => compileBool(rightExpression, scope));
  if (lines === '') return { text: `(${left.text} || ${right.text})`, type: BOOL };
  const result = scope.writer.fresh();
  scope.writer.line(`let ${result} = true;\nif (!(${left.text})) {\n${lines}\n${result} = ${right.text};\n}`);
  return { text: result, type: BOOL };
}

function not(code: Code): Code {
  return typeof code.constant === 'boolean' ? bool(!code.constant) : { text: `!(${code.text})`, type: BOOL };
}

function compileIf({ test, whenTrue, otherwise }: Expression & { kind: 'if' }, scope: Scope): Code {
  const { writer } = scope;
  const tested = compileBool(test, scope);
  if (typeof tested.constant === 'boolean') return compileExpression(tested.constant ? whenTrue : otherwise, scope);
  const yes = writer.branch(tested.facts ?? [], () => compileExpression(whenTrue, scope));
  const no = writer.branch([], () => compileExpression(otherwise, scope));
  const type = join(yes.code.type, no.code.type);
  if (yes.lines === '' && no.lines === '') return { text: `(${tested.text} ? ${yes.code.text} : ${no.code.text})`, type };
  const result = writer.fresh();
  writer.line(`let ${result};`);
  writer.line(`if (${tested.text}) {\n${yes.lines}\n${result} = ${yes.code.text};\n} else {\n${no.lines}\n${result} = ${no.code.text};\n}`);
  return { text: result, type };
}

function compileNegate(of: Expression, scope: Scope): Code {
  const operand = expectKind(compileExpression(of, scope), 'long', scope);
  return orFail(`R.negate(${operand.text})`, LONG, '"negating this overflows"', scope);
}

function compileBinary(operator: BinaryOperator, leftExpression: Expression, rightExpression: Expression, scope: Scope): Code {
  const left = compileExpression(leftExpression, scope);
  const right = compileExpression(rightExpression, scope);
  switch (operator) {
    case '==':
      return compileEqual(left, right);
    case '!=':
      return not(compileEqual(left, right));
    case '<':
      return compileLess(left, right, false, scope);
    case '<=':
      return compileLess(left, right, true, scope);
    // Cedar has no "greater" of its own: `a > b` is `!(a <= b)`.
    case '>':
      return not(compileLess(left, right, true, scope));
    case '>=':
      return not(compileLess(left, right, false, scope));
    case 'in':
      return compileIn(left, right, scope);
    case '+':
      return compileArithmetic('add', left, right, scope);
    case '-':
      return compileArithmetic('subtract', left, right, scope);
    case '*':
      return compileArithmetic('multiply', left, right, scope);
    case 'contains':
      return compileContains(expectSet(left, scope), right);
    case 'containsAll':
    case 'containsAny': {
      const set = expectSet(left, scope);
      const other = expectSet(right, scope);
      return { text: `${set.text}.${operator === 'containsAll' ? 'hasAll' : 'hasAny'}(${other.text})`, type: BOOL };
    }
    case 'getTag':
    case 'hasTag':
    default:
      return compileTag(operator, expectEntity(left, scope), expectKind(right, 'string', scope), scope);
  }
}

function compileEqual(left: Code, right: Code): Code {
  if (left.constant instanceof Entity && right.constant instanceof Entity) return bool(sameEntity(left.constant, right.constant));
  const [leftType, rightType] = [left.type, right.type];
  if (leftType.kind !== 'any' && rightType.kind !== 'any' && leftType.kind !== rightType.kind) return FALSE;
  if (isPlain(leftType) || isPlain(rightType)) return { text: `(${left.text} === ${right.text})`, type: BOOL };
  if (leftType.kind === 'entity' && rightType.kind === 'entity') return compileSameEntity(left, right);
  return { text: `R.equal(${left.text}, ${right.text})`, type: BOOL };
}

/** Values that JavaScript compares as Cedar does, also against a value of unknown type. */
function isPlain(type: Type): boolean {
  return type.kind === 'bool' || type.kind === 'long' || type.kind === 'string';
}

function compileSameEntity(left: Code, right: Code): Code {
  const [leftName, rightName] = [entityNameOf(left.type), entityNameOf(right.type)];
  if (leftName !== null && rightName !== null) {
    return leftName === rightName ? { text: `(${idText(left)} === ${idText(right)})`, type: BOOL } : FALSE;
  }
  return { text: `R.sameEntity(${left.text}, ${right.text})`, type: BOOL };
}

function idText(code: Code): string {
  return code.constant instanceof Entity ? JSON.stringify(code.constant.id) : `${code.text}.id`;
}

function entityNameOf(type: Type): string | null {
  return type.kind === 'entity' ? type.name : null;
}

function compileLess(left: Code, right: Code, orEqual: boolean, scope: Scope): Code {
  const sign = orEqual ? '<=' : '<';
  if (left.type.kind === 'long' && right.type.kind === 'long') return { text: `(${left.text} ${sign} ${right.text})`, type: BOOL };
  const isTime = (code: Code): boolean => code.type.kind === 'datetime' || code.type.kind === 'duration';
  if (isTime(left) && left.type.kind === right.type.kind) return { text: `(${left.text}.ms ${sign} ${right.text}.ms)`, type: BOOL };
  return orFail(
    `R.isLess(${left.text}, ${right.text}, ${orEqual})`,
    BOOL,
    typeFault('two longs, datetimes or durations', left, right),
    scope,
  );
}

function compileArithmetic(operation: 'add' | 'subtract' | 'multiply', left: Code, right: Code, scope: Scope): Code {
  const overflow = `"${operation}: integer overflow"`;
  if (left.type.kind === 'long' && right.type.kind === 'long')
    return orFail(`R.${operation}(${left.text}, ${right.text})`, LONG, overflow, scope);
  const message = `${typeFault('two longs', left, right)} + ", or integer overflow"`;
  return orFail(`R.arithmetic("${operation}", ${left.text}, ${right.text})`, LONG, message, scope);
}

function compileIn(left: Code, right: Code, scope: Scope): Code {
  const { environment } = scope;
  if (left.type.kind === 'entity' && right.type.kind === 'entity') return compileInOne(left, right, environment);
  if (left.type.kind === 'entity' && right.constant instanceof CedarSet && right.constant.items.every((item) => item instanceof Entity)) {
    const groups = right.constant.items.map((group) => compileInOne(left, compileValue(group, scope.writer), environment));
    if (groups.some((group) => group.constant === true)) return TRUE;
    const open = groups.filter((group) => group.constant !== false);
    return open.length === 0 ? FALSE : { text: `(${open.map((group) => group.text).join(' || ')})`, type: BOOL };
  }
  return orFail(
    `R.isInAnything(${left.text}, ${right.text}, s)`,
    BOOL,
    typeFault('an entity, and an entity or a set of them', left, right),
    scope,
  );
}

function compileInOne(left: Code, right: Code, { schema }: Environment): Code {
  if (left.constant instanceof Entity && right.constant instanceof Entity) {
    if (sameEntity(left.constant, right.constant)) return TRUE;
    const action = schema?.actions.get(entityKey(left.constant));
    if (action !== undefined) return bool(action.ancestors.has(entityKey(right.constant)));
  }
  const may = mayBeUnder(schema, entityNameOf(left.type), entityNameOf(right.type));
  return may === false ? compileSameEntity(left, right) : { text: `R.isIn(${left.text}, ${right.text}, s)`, type: BOOL };
}

function compileContains(set: Code, item: Code): Code {
  const { constant } = set;
  const isShort = constant instanceof CedarSet && constant.items.length <= 4 && constant.items.every((each) => typeof each !== 'object');
  if (!isShort || !isPlain(item.type)) return { text: `${set.text}.has(${item.text})`, type: BOOL };
  if (constant.items.length === 0) return FALSE;
  const literals = constant.items.map((each) => (typeof each === 'bigint' ? `${each}n` : JSON.stringify(each)));
  return { text: `(${literals.map((literal) => `${item.text} === ${literal}`).join(' || ')})`, type: BOOL };
}

function compileTag(operator: 'getTag' | 'hasTag', entity: Code, tag: Code, scope: Scope): Code {
  if (operator === 'hasTag') return { text: `R.hasTag(${entity.text}, ${tag.text}, s)`, type: BOOL };
  const type = tagTypeOf(scope.environment.schema, entityNameOf(entity.type));
  const message = `R.entityKey(${entity.text}) + " does not exist or has no tag " + JSON.stringify(${tag.text})`;
  return orFail(`R.tagOf(${entity.text}, ${tag.text}, s)`, type, message, scope);
}

function compileAttribute(of: Code, name: string, scope: Scope): Code {
  const { type } = of;
  if (type.kind === 'record') return compileField(of.text, type, name, scope);
  if (type.kind === 'any') {
    const message = `"there is no attribute " + ${JSON.stringify(JSON.stringify(name))}`;
    return orFail(`R.attribute(${of.text}, ${JSON.stringify(fieldOf(name))}, s)`, ANY, message, scope);
  }
  if (type.kind !== 'entity') return fail(typeFault('a record or an entity', of), scope);
  const attributes = attributesName(of, scope);
  if (!scope.writer.isKnown(attributes)) {
    scope.writer.failIf(`${attributes} === null`, `"the entity " + R.entityKey(${of.text}) + " does not exist"`);
    scope.writer.learn([attributes]);
  }
  return compileField(attributes, attributesTypeOf(scope.environment.schema, type.name), name, scope);
}

function compileField(record: string, type: RecordType, name: string, scope: Scope): Code {
  const declared = type.attributes.get(name);
  const path = `${record}${accessPath(name)}`;
  const message = `"there is no attribute " + ${JSON.stringify(JSON.stringify(name))}`;
  if (declared === undefined && !type.isOpen) return fail(message, scope);
  if (declared?.isRequired !== true && !scope.writer.isKnown(path)) {
    scope.writer.failIf(`${path} === undefined`, message);
    scope.writer.learn([path]);
  }
  return { text: path, type: declared?.type ?? ANY };
}

function compileHas(of: Code, name: string, scope: Scope): Code {
  const { type } = of;
  if (type.kind === 'record') return hasField(of.text, type, name);
  const fault = typeFault('a record or an entity', of);
  if (type.kind === 'any') return orFail(`R.has(${of.text}, ${JSON.stringify(fieldOf(name))}, s)`, BOOL, fault, scope);
  if (type.kind !== 'entity') return fail(fault, scope);
  const attributes = attributesName(of, scope);
  const inside = hasField(attributes, attributesTypeOf(scope.environment.schema, type.name), name);
  if (inside.constant === false || scope.writer.isKnown(attributes)) return inside;
  const exists = `(${attributes} !== null)`;
  const facts = [attributes, ...(inside.facts ?? [])];
  return { text: inside.constant === true ? exists : `(${exists} && ${inside.text})`, type: BOOL, facts };
}

function hasField(record: string, type: RecordType, name: string): Code {
  const declared = type.attributes.get(name);
  if (declared === undefined && !type.isOpen) return FALSE;
  if (declared?.isRequired === true) return TRUE;
  const path = `${record}${accessPath(name)}`;
  return { text: `(${path} !== undefined)`, type: BOOL, facts: [path] };
}

/** The name that holds the attributes of an entity, null when there is no such entity. */
function attributesName({ text }: Code, { writer }: Scope): string {
  if (text !== 'p' && text !== 'a' && text !== 'r') return writer.name(`R.attributesOf(${text}, s)`);
  writer.used.add(text);
  return `${text}Attributes`;
}

function compileLike(text: Code, pattern: Pattern, scope: Scope): Code {
  const [first = '', last = ''] = pattern;
  if (pattern.length === 1) return { text: `(${text.text} === ${JSON.stringify(first)})`, type: BOOL };
  if (pattern.length === 2 && last === '') return { text: `${text.text}.startsWith(${JSON.stringify(first)})`, type: BOOL };
  if (pattern.length === 2 && first === '') return { text: `${text.text}.endsWith(${JSON.stringify(last)})`, type: BOOL };
  return { text: `R.isLike(${text.text}, ${scope.writer.constant(pattern)})`, type: BOOL };
}

function compileIs(entity: Code, type: string): Code {
  const name = entityNameOf(entity.type);
  return name === null ? { text: `(${entity.text}.type === ${JSON.stringify(type)})`, type: BOOL } : bool(name === type);
}

function compileSet(items: readonly Code[], { writer }: Scope): Code {
  const type: Type = { kind: 'set', of: joinAll(items.map((item) => item.type)) };
  const constants = items.flatMap(({ text, constant }) => (constant === undefined || text === 'a' ? [] : [constant]));
  if (constants.length < items.length) return { text: `new R.CedarSet([${items.map((item) => item.text).join(', ')}])`, type };
  const constant = new CedarSet(constants);
  return { text: writer.constant(constant), type, constant };
}

function compileRecord(entries: readonly (readonly [string, Code])[]): Code {
  const attributes = new Map(entries.map(([name, { type }]) => [name, { type, isRequired: true }]));
  const fields = entries.map(([name, { text }]) => `${JSON.stringify(fieldOf(name))}: ${text}`);
  return { text: `({ ${fields.join(', ')} })`, type: { kind: 'record', attributes, isOpen: false } };
}

function compileCall(callee: string, operands: readonly Code[], scope: Scope): Code {
  const signature = EXTENSION_FUNCTIONS.get(callee);
  const constants = operands.flatMap(({ constant }) => (constant === undefined ? [] : [constant]));
  const message = `${JSON.stringify(callee)} + ": wrong operands, or no result"`;
  if (signature === undefined || operands.length !== signature.operands.length) return fail(message, scope);
  if (constants.length === operands.length) {
    const value = extensionCall(callee, constants);
    return value === undefined ? fail(message, scope) : compileValue(value, scope.writer);
  }
  const { result } = signature;
  const type = result === 'entity' || result === 'set' || result === 'record' ? ANY : { kind: result };
  return orFail(`R.extensionCall(${JSON.stringify(callee)}, [${operands.map((each) => each.text).join(', ')}])`, type, message, scope);
}

/** The value of code that yields undefined where Cedar has an error. */
function orFail(text: string, type: Type, message: string, { writer }: Scope): Code {
  const name = writer.fresh();
  writer.line(`const ${name} = ${text};`);
  writer.failIf(`${name} === undefined`, message);
  return { text: name, type };
}

function fail(message: string, { writer }: Scope): Code {
  writer.failIf('true', message);
  return NEVER;
}

const TYPE_TESTS = { bool: 'boolean', string: 'string' } as const;

function expectKind(code: Code, kind: 'bool' | 'string' | 'long', scope: Scope): Code {
  if (code.type.kind === kind) return code;
  if (code.type.kind !== 'any') return fail(typeFault(kind, code), scope);
  if (code === NEVER) return code;
  const name = scope.writer.name(code.text);
  const test = kind === 'long' ? `typeof ${name} !== "number" && typeof ${name} !== "bigint"` : `typeof ${name} !== "${TYPE_TESTS[kind]}"`;
  scope.writer.failIf(test, typeFault(kind, code));
  return { text: name, type: { kind } };
}

function expectEntity(code: Code, scope: Scope): Code {
  if (code.type.kind === 'entity') return code;
  if (code.type.kind !== 'any') return fail(typeFault('an entity', code), scope);
  if (code === NEVER) return code;
  const name = scope.writer.name(code.text);
  scope.writer.failIf(`!(${name} instanceof R.Entity)`, typeFault('an entity', code));
  return { text: name, type: { kind: 'entity', name: null } };
}

function expectSet(code: Code, scope: Scope): Code {
  if (code.type.kind === 'set') return code;
  if (code.type.kind !== 'any') return fail(typeFault('a set', code), scope);
  if (code === NEVER) return code;
  const name = scope.writer.name(code.text);
  scope.writer.failIf(`!(${name} instanceof R.CedarSet)`, typeFault('a set', code));
  return { text: name, type: { kind: 'set', of: ANY } };
}

/** Code of the message that says what was wanted and what was there. */
function typeFault(wanted: string, ...given: readonly Code[]): string {
  return `${JSON.stringify(`type error: ${wanted} wanted, not `)} + ${given.map(({ text }) => `R.kindOf(${text})`).join(' + " and " + ')}`;
}

function joinAll(types: readonly Type[]): Type {
  const [first, ...rest] = types;
  return first === undefined ? ANY : rest.reduce(join, first);
}

/** What is known of a value that is of the one type or the other. */
function join(left: Type, right: Type): Type {
  if (left === right) return left;
  if (left.kind === 'entity' && right.kind === 'entity') return { kind: 'entity', name: left.name === right.name ? left.name : null };
  if (left.kind === 'set' && right.kind === 'set') return { kind: 'set', of: join(left.of, right.of) };
  return left.kind === right.kind && left.kind !== 'record' && left.kind !== 'set' && left.kind !== 'entity' ? { kind: left.kind } : ANY;
}
