import { parseSync } from 'oxc-parser';

/** What the rules need to know of a source file. */
export type FileFacts = {
  /** Relative to the root, with forward slashes. */
  readonly path: string;
  readonly imports: readonly Found[];
  /** Places that read the environment. */
  readonly environmentReads: readonly number[];
  /** Places that do something when the file is loaded. */
  readonly topLevelActions: readonly number[];
};
export type Found = { readonly what: string; readonly line: number };

/** Throws when the file cannot be parsed: what cannot be read cannot be called clean. */
export function readFacts(path: string, source: string): FileFacts {
  const { program, module, errors } = parseSync(path, source);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const lineOf = (offset: number) => source.slice(0, offset).split('\n').length;

  const imports: Found[] = [
    ...module.staticImports.map((each) => ({ what: each.moduleRequest.value, line: lineOf(each.start) })),
    ...module.staticExports.flatMap((each) =>
      each.entries.flatMap((entry) => (entry.moduleRequest ? [{ what: entry.moduleRequest.value, line: lineOf(each.start) }] : [])),
    ),
    ...module.dynamicImports.flatMap((each) => {
      const text = source.slice(each.moduleRequest.start, each.moduleRequest.end);
      // A computed name cannot be judged; a written one can.
      return /^(['"`])[^'"`$]*\1$/.test(text) ? [{ what: text.slice(1, -1), line: lineOf(each.start) }] : [];
    }),
  ];
  const environmentReads: number[] = [];
  walk(program, (node) => {
    if (isEnvironment(node)) environmentReads.push(lineOf(node.start));
  });
  const topLevelActions = (program.body as unknown as Node[]).filter(acts).map((node) => lineOf(node.start));
  return { path, imports, environmentReads, topLevelActions };
}

type Node = { readonly type: string; readonly start: number } & Readonly<Record<string, unknown>>;

/** `process.env`, and `env` taken out of node:process or of process. */
function isEnvironment(node: Node): boolean {
  if (node.type === 'MemberExpression') return nameOf(node['object']) === 'process' && nameOf(node['property']) === 'env';
  if (node.type === 'ImportDeclaration') {
    const source = node['source'];
    const specifiers = node['specifiers'];
    return (
      isNode(source) &&
      (source['value'] === 'node:process' || source['value'] === 'process') &&
      Array.isArray(specifiers) &&
      specifiers.some((each) => isNode(each) && nameOf(each['imported']) === 'env')
    );
  }
  return false;
}

/** A call, an await or an assignment that stands alone at the top level. `if (import.meta.main)` is the way to be both program and module. */
function acts(node: Node): boolean {
  if (node.type !== 'ExpressionStatement') return ['ForStatement', 'ForOfStatement', 'WhileStatement', 'TryStatement'].includes(node.type);
  const expression = node['expression'];
  if (!isNode(expression)) return false;
  return ['CallExpression', 'AwaitExpression', 'NewExpression', 'AssignmentExpression', 'UnaryExpression'].includes(expression.type);
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const each of value) walk(each, visit);
    return;
  }
  if (!isNode(value)) return;
  visit(value);
  for (const each of Object.values(value)) if (typeof each === 'object') walk(each, visit);
}

function nameOf(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Identifier' && typeof value['name'] === 'string' ? value['name'] : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
