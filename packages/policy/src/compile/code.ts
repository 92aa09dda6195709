import type { Type } from '../schema/type.ts';
import type { Value } from '../values/value.ts';

/** An expression of JavaScript without effects and without errors, and what is known of its value. */
export type Code = {
  readonly text: string;
  readonly type: Type;
  /** Paths that are known to be there where this (a boolean) is true. */
  readonly facts?: readonly string[];
  /** Its value, where that is known already. */
  readonly constant?: Value;
};

/**
 * Collects the statements of one policy. A policy is a labelled block; an error of Cedar is a jump out of it, which costs nothing and
 * needs no exception. Everything that reaches the text is made here: names are ours, literals go through JSON or the table of constants.
 */
export class Writer {
  readonly #constants: unknown[];
  readonly #isExplaining: boolean;
  readonly #policyIndex: number;
  #lines: string[] = [];
  #facts = new Set<string>();
  #names = new Map<string, string>();
  #count = 0;
  /** Which of the request's attributes the code reads. */
  readonly used = new Set<string>();

  constructor(options: { readonly constants: unknown[]; readonly isExplaining: boolean; readonly policyIndex: number }) {
    this.#constants = options.constants;
    this.#isExplaining = options.isExplaining;
    this.#policyIndex = options.policyIndex;
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  get label(): string {
    return `p${this.#policyIndex}`;
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  /** Names the expression unless it is a name already. */
  name(text: string): string {
    if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(text)) return text;
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = this.fresh();
    this.line(`const ${name} = ${text};`);
    this.#names.set(text, name);
    return name;
  }

  fresh(): string {
    this.#count += 1;
    return `${this.label}t${this.#count}`;
  }

  constant(value: unknown): string {
    this.#constants.push(value);
    return `K[${this.#constants.length - 1}]`;
  }

  /** `message` is an expression of JavaScript that yields a text; it is evaluated only when the errors are asked for. */
  failIf(condition: string, message: string): void {
    const leave = this.#isExplaining ? `{ out.error(${this.#policyIndex}, ${message}); break ${this.label}; }` : `break ${this.label};`;
    this.line(condition === 'true' ? leave : `if (${condition}) ${leave}`);
  }

  /** Leaves the policy unsatisfied, without an error. */
  leaveUnless(condition: string): void {
    this.line(`if (!(${condition})) break ${this.label};`);
  }

  isKnown(path: string): boolean {
    return this.#facts.has(path);
  }

  learn(paths: readonly string[]): void {
    for (const path of paths) this.#facts.add(path);
  }

  /** Statements that run only sometimes: what they name and learn is forgotten behind them. */
  branch(facts: readonly string[], write: () => Code): { readonly code: Code; readonly lines: string } {
    const outer = { lines: this.#lines, facts: this.#facts, names: this.#names };
    this.#lines = [];
    this.#facts = new Set([...outer.facts, ...facts]);
    this.#names = new Map(outer.names);
    const code = write();
    const lines = this.#lines.join('\n');
    this.#lines = outer.lines;
    this.#facts = outer.facts;
    this.#names = outer.names;
    return { code, lines };
  }
}
