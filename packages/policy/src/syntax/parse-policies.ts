import { EXTENSION_FUNCTIONS } from './extension-functions.ts';
import { hasPath, VARIABLES } from './expression.ts';
import type { BinaryOperator, Expression, Variable } from './expression.ts';
import type { ActionScope, EntityScope, Policy, Slot } from './policy.ts';
import { tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';
import { unescapePattern, unescapeString } from './unescape.ts';
import { PolicyFault, positionOf } from '../policy-fault.ts';
import type { TextPosition } from '../policy-fault.ts';
import { Entity } from '../values/entity.ts';
import { toLong } from '../values/long.ts';

/**
 * Reads Cedar policy text (language 4.5). Ids are positional, `policy0`, `policy1` …, as Cedar gives them; templates count too.
 * Throws `PolicyFault` with the place.
 */
export function parsePolicies(text: string): readonly Policy[] {
  return new Parser(text).policies();
}

/** Reads one reference as policies write it: `Member::"ada"`. */
export function parseEntity(text: string): Entity {
  return new Parser(text).onlyEntity();
}

/** Deeper than anybody writes, and far from the depth at which recursion would end the process. */
const DEPTH_MAX = 500;
const RESERVED: ReadonlySet<string> = new Set(['true', 'false', 'if', 'then', 'else', 'in', 'is', 'like', 'has', '__cedar']);
const RELATIONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);
const SET_METHODS = { contains: 1, containsAll: 1, containsAny: 1, getTag: 1, hasTag: 1, isEmpty: 0 } as const;
const UNARY_MAX = 4;

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  policies(): readonly Policy[] {
    const policies: Policy[] = [];
    while (this.#peek().kind !== 'end') policies.push(this.#policy(`policy${policies.length}`));
    return policies;
  }

  onlyEntity(): Entity {
    const entity = this.#entity();
    this.#take('end', 'nothing more');
    return entity;
  }

  #policy(id: string): Policy {
    const start = this.#peek().offset;
    const annotations = this.#annotations();
    const effect = this.#take('word', 'permit or forbid');
    if (effect.text !== 'permit' && effect.text !== 'forbid')
      throw this.#fault(`a policy is "permit" or "forbid", not "${effect.text}"`, effect);
    this.#sign('(');
    const principal = this.#entityScope('principal');
    this.#sign(',');
    const action = this.#actionScope();
    this.#sign(',');
    const resource = this.#entityScope('resource');
    this.#accept(',');
    this.#sign(')');
    const conditions: Expression[] = [];
    for (let clause = this.#peek(); clause.kind === 'word'; clause = this.#peek()) conditions.push(this.#condition());
    const end = this.#peek().offset + 1;
    this.#sign(';');
    return { id, effect: effect.text, annotations, principal, action, resource, conditions, range: { start, end } };
  }

  #annotations(): Readonly<Record<string, string>> {
    const annotations = new Map<string, string>();
    while (this.#accept('@')) {
      const key = this.#take('word', "an annotation's name");
      if (annotations.has(key.text)) throw this.#fault(`the annotation @${key.text} stands here twice`, key);
      let value = '';
      if (this.#accept('(')) {
        value = this.#string();
        this.#sign(')');
      }
      annotations.set(key.text, value);
    }
    return Object.fromEntries(annotations);
  }

  #entityScope(name: 'principal' | 'resource'): EntityScope {
    this.#scopeVariable(name);
    if (this.#acceptWord('is')) {
      const type = this.#typeName();
      return { kind: 'ofType', type, in: this.#acceptWord('in') ? this.#entityOrSlot(name) : null };
    }
    if (this.#accept('==')) return { kind: 'is', entity: this.#entityOrSlot(name) };
    if (this.#acceptWord('in')) return { kind: 'in', entity: this.#entityOrSlot(name) };
    return { kind: 'any' };
  }

  #actionScope(): ActionScope {
    this.#scopeVariable('action');
    if (this.#accept('==')) return { kind: 'is', entity: this.#actionEntity() };
    if (!this.#acceptWord('in')) return { kind: 'any' };
    if (!this.#accept('[')) return { kind: 'in', entities: [this.#actionEntity()] };
    return { kind: 'in', entities: this.#list(']', () => this.#actionEntity()) };
  }

  #scopeVariable(name: Variable): void {
    const token = this.#take('word', name);
    if (token.text !== name) throw this.#fault(`here the scope names "${name}", not "${token.text}"`, token);
  }

  #entityOrSlot(name: 'principal' | 'resource'): Entity | Slot {
    const token = this.#peek();
    if (token.kind !== 'slot') return this.#entity();
    this.#next += 1;
    if (token.text !== `?${name}`) throw this.#fault(`the slot here can only be ?${name}`, token);
    return `?${name}`;
  }

  #actionEntity(): Entity {
    const token = this.#peek();
    const entity = this.#entity();
    if (entity.type !== 'Action' && !entity.type.endsWith('::Action'))
      throw this.#fault(`an action's type is Action, not ${entity.type}`, token);
    return entity;
  }

  #entity(): Entity {
    if (this.#accept('(')) {
      const inner = this.#entity();
      this.#sign(')');
      return inner;
    }
    const path = [this.#name()];
    for (;;) {
      this.#sign('::');
      if (this.#peek().kind === 'string') return new Entity(path.join('::'), this.#string());
      path.push(this.#name());
    }
  }

  #condition(): Expression {
    const clause = this.#take('word', 'when or unless');
    if (clause.text !== 'when' && clause.text !== 'unless')
      throw this.#fault(`a condition begins with "when" or "unless", not "${clause.text}"`, clause);
    this.#sign('{');
    const body = this.#expression();
    this.#sign('}');
    return clause.text === 'when' ? body : { kind: 'not', of: body };
  }

  #expression(): Expression {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw this.#fault(`this is nested deeper than ${DEPTH_MAX} levels`, this.#peek());
    const expression = this.#acceptWord('if') ? this.#conditional() : this.#chain('||', () => this.#chain('&&', () => this.#relation()));
    this.#depth -= 1;
    return expression;
  }

  #conditional(): Expression {
    const test = this.#expression();
    this.#word('then');
    const whenTrue = this.#expression();
    this.#word('else');
    return { kind: 'if', test, whenTrue, otherwise: this.#expression() };
  }

  #chain(sign: '&&' | '||', operand: () => Expression): Expression {
    let left = operand();
    while (this.#accept(sign)) left = { kind: sign === '&&' ? 'and' : 'or', left, right: operand() };
    return left;
  }

  #relation(): Expression {
    const left = this.#sum();
    const token = this.#peek();
    if (token.kind === 'word') {
      if (this.#acceptWord('has')) return this.#ended(hasPath(left, this.#hasNames()));
      if (this.#acceptWord('like')) return this.#ended({ kind: 'like', of: left, pattern: this.#pattern() });
      if (this.#acceptWord('is')) return this.#ended(this.#isExpression(left));
    }
    if (token.kind === 'sign' && token.text === '=') throw this.#fault('"=" is no operator; use "=="', token);
    const operator = this.#relationOperator();
    if (operator === null) return left;
    return this.#ended({ kind: 'binary', operator, left, right: this.#sum() });
  }

  #relationOperator(): BinaryOperator | null {
    const token = this.#peek();
    if ((token.kind !== 'sign' && token.kind !== 'word') || !RELATIONS.has(token.text)) return null;
    this.#next += 1;
    return token.text as BinaryOperator;
  }

  /** Relations do not chain: `a < b < c` has no meaning. */
  #ended(relation: Expression): Expression {
    const token = this.#peek();
    const follows = RELATIONS.has(token.text) || token.text === 'has' || token.text === 'like' || token.text === 'is';
    if (follows && (token.kind === 'sign' || token.kind === 'word'))
      throw this.#fault('say with parentheses which of the relations comes first', token);
    return relation;
  }

  #hasNames(): readonly string[] {
    if (this.#peek().kind === 'string') return [this.#string()];
    const names = [this.#name()];
    while (this.#accept('.')) names.push(this.#name());
    return names;
  }

  #pattern(): readonly string[] {
    const token = this.#take('string', 'a pattern in quotes');
    const pattern = unescapePattern(token.text);
    if (pattern === null) throw this.#fault('this pattern has an escape that Cedar does not know', token);
    return pattern;
  }

  #isExpression(of: Expression): Expression {
    const is: Expression = { kind: 'is', of, type: this.#typeName() };
    if (!this.#acceptWord('in')) return is;
    return { kind: 'and', left: is, right: { kind: 'binary', operator: 'in', left: of, right: this.#sum() } };
  }

  #sum(): Expression {
    let left = this.#product();
    for (;;) {
      const operator = this.#accept('+') ? '+' : this.#accept('-') ? '-' : null;
      if (operator === null) return left;
      left = { kind: 'binary', operator, left, right: this.#product() };
    }
  }

  #product(): Expression {
    let left = this.#unary();
    while (this.#accept('*')) left = { kind: 'binary', operator: '*', left, right: this.#unary() };
    const token = this.#peek();
    if (token.kind === 'sign' && (token.text === '/' || token.text === '%')) throw this.#fault('Cedar has no division', token);
    return left;
  }

  #unary(): Expression {
    const first = this.#peek();
    const sign = first.kind === 'sign' && (first.text === '!' || first.text === '-') ? first.text : null;
    const count = sign === null ? 0 : this.#countOf(sign);
    if (count > UNARY_MAX) throw this.#fault(`at most ${UNARY_MAX} "${sign}" may stand in a row`, first);
    // The sign belongs to the literal: the smallest Long has no positive twin.
    const isNegativeLiteral = sign === '-' && this.#peek().kind === 'number' && !this.#isFollowedByAccess();
    let operand = isNegativeLiteral ? this.#number(-1n) : this.#member();
    for (let index = isNegativeLiteral ? 1 : 0; index < count; index += 1) operand = { kind: sign === '!' ? 'not' : 'negate', of: operand };
    return operand;
  }

  #countOf(sign: string): number {
    let count = 0;
    while (this.#accept(sign)) count += 1;
    return count;
  }

  #isFollowedByAccess(): boolean {
    const token = this.#tokens[this.#next + 1];
    return token?.kind === 'sign' && (token.text === '.' || token.text === '[');
  }

  #number(sign: bigint): Expression {
    const token = this.#take('number', 'a number');
    const value = toLong(sign * BigInt(token.text));
    if (value === undefined) throw this.#fault(`${token.text} does not fit 64 bits`, token);
    return { kind: 'value', value };
  }

  #member(): Expression {
    let of = this.#primary();
    for (;;) {
      if (this.#accept('.')) {
        const token = this.#peek();
        const name = this.#name();
        of = this.#accept('(') ? this.#methodCall(of, token) : { kind: 'attribute', of, name };
      } else if (this.#accept('[')) {
        of = { kind: 'attribute', of, name: this.#string() };
        this.#sign(']');
      } else return of;
    }
  }

  #methodCall(of: Expression, token: Token): Expression {
    const name = token.text;
    const operands = this.#list(')', () => this.#expression());
    if (Object.hasOwn(SET_METHODS, name)) {
      const method = name as keyof typeof SET_METHODS;
      const wanted = SET_METHODS[method];
      if (operands.length !== wanted) throw this.#fault(`${name} takes ${wanted} operands, not ${operands.length}`, token);
      if (method === 'isEmpty') return { kind: 'isEmpty', of };
      const [right = of] = operands;
      return { kind: 'binary', operator: method, left: of, right };
    }
    const style = EXTENSION_FUNCTIONS.get(name)?.style;
    if (style === 'function') throw this.#fault(`${name} is a function, not a method: ${name}(…)`, token);
    if (style === undefined) throw this.#fault(`there is no method ${name}`, token);
    return { kind: 'call', callee: name, operands: [of, ...operands] };
  }

  #primary(): Expression {
    const token = this.#peek();
    switch (token.kind) {
      case 'number':
        return this.#number(1n);
      case 'string':
        return { kind: 'value', value: this.#string() };
      case 'word':
        return this.#wordExpression(token);
      case 'slot':
        throw this.#fault(`a slot like ${token.text} may stand in the scope only`, token);
      case 'sign':
        if (this.#accept('(')) {
          const inner = this.#expression();
          this.#sign(')');
          return inner;
        }
        if (this.#accept('[')) return { kind: 'set', items: this.#list(']', () => this.#expression()) };
        if (this.#accept('{')) return this.#record(token);
        throw this.#fault(`an expression cannot begin with "${token.text}"`, token);
      case 'end':
      default:
        throw this.#fault('the text ends where an expression is wanted', token);
    }
  }

  #wordExpression(token: Token): Expression {
    if (this.#acceptWord('true')) return { kind: 'value', value: true };
    if (this.#acceptWord('false')) return { kind: 'value', value: false };
    const after = this.#tokens[this.#next + 1];
    if (after?.kind === 'sign' && after.text === '::') return { kind: 'value', value: this.#entity() };
    const name = this.#name();
    if (this.#accept('(')) return this.#functionCall(token);
    const variable = VARIABLES.find((each) => each === name);
    if (variable === undefined) throw this.#fault(`"${name}" is no variable (there are: ${VARIABLES.join(', ')})`, token);
    return { kind: 'variable', name: variable };
  }

  #functionCall(token: Token): Expression {
    const operands = this.#list(')', () => this.#expression());
    const style = EXTENSION_FUNCTIONS.get(token.text)?.style;
    if (style === 'method' || Object.hasOwn(SET_METHODS, token.text))
      throw this.#fault(`${token.text} is a method, not a function: x.${token.text}(…)`, token);
    if (style === undefined) throw this.#fault(`there is no function ${token.text}`, token);
    return { kind: 'call', callee: token.text, operands };
  }

  #record(opening: Token): Expression {
    const entries = this.#list('}', (): readonly [string, Expression] => {
      const name = this.#peek().kind === 'string' ? this.#string() : this.#name();
      this.#sign(':');
      return [name, this.#expression()];
    });
    const names = new Set(entries.map(([name]) => name));
    if (names.size < entries.length) throw this.#fault('this record has a name twice', opening);
    return { kind: 'record', entries };
  }

  #list<T>(closing: string, item: () => T): readonly T[] {
    const items: T[] = [];
    while (!this.#accept(closing)) {
      if (items.length > 0) this.#sign(',');
      if (items.length > 0 && this.#accept(closing)) break;
      items.push(item());
    }
    return items;
  }

  #typeName(): string {
    const path = [this.#name()];
    while (this.#accept('::')) path.push(this.#name());
    return path.join('::');
  }

  /** A word that is free to name something. */
  #name(): string {
    const token = this.#take('word', 'a name');
    if (RESERVED.has(token.text)) throw this.#fault(`"${token.text}" is reserved`, token);
    return token.text;
  }

  #string(): string {
    const token = this.#take('string', 'a text in quotes');
    const text = unescapeString(token.text);
    if (text === null) throw this.#fault('this text has an escape that Cedar does not know', token);
    return text;
  }

  #peek(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new PolicyFault('the text ends too early');
    return token;
  }

  #take(kind: Token['kind'], wanted: string): Token {
    const token = this.#peek();
    if (token.kind !== kind) throw this.#fault(`${wanted} is wanted here, not ${named(token)}`, token);
    this.#next += 1;
    return token;
  }

  #accept(sign: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.#next += 1;
    return true;
  }

  #acceptWord(word: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'word' || token.text !== word) return false;
    this.#next += 1;
    return true;
  }

  #sign(sign: string): void {
    if (!this.#accept(sign)) throw this.#fault(`"${sign}" is wanted here, not ${named(this.#peek())}`, this.#peek());
  }

  #word(word: string): void {
    if (!this.#acceptWord(word)) throw this.#fault(`"${word}" is wanted here, not ${named(this.#peek())}`, this.#peek());
  }

  #fault(message: string, token: Token): PolicyFault {
    const at: TextPosition = positionOf(this.#text, token.offset);
    return new PolicyFault(message, { at });
  }
}

function named(token: Token): string {
  return token.kind === 'end' ? 'the end of the text' : `"${token.text}"`;
}
