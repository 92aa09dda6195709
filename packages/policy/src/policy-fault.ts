/** What is wrong with a policy, a schema, an entity or a request, said so that its author can mend it. */
export class PolicyFault extends Error {
  /** Line and column (from 1) in the policy text, where the fault lies in one. */
  readonly at: TextPosition | null;

  constructor(message: string, options: { at?: TextPosition; cause?: unknown } = {}) {
    super(options.at === undefined ? message : `${message} (line ${options.at.line}, column ${options.at.column})`, {
      cause: options.cause,
    });
    this.name = 'PolicyFault';
    this.at = options.at ?? null;
  }
}

export type TextPosition = { readonly line: number; readonly column: number };

/** Columns count UTF-16 units, as editors do. */
export function positionOf(text: string, offset: number): TextPosition {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
