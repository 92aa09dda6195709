import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { parse } from 'graphql';

/**
 * Writes `src/graph.types.ts` of every unit that has a `src/graph-context.ts`: the type `Resolvers`, so that a resolver that does not fit the schema is a type error. Run after
 * changing a schema; the result is committed. With `--check` nothing is written; it fails when something committed is not what would be generated.
 *
 * The context of resolvers is the `GraphContext` of that file. What stands behind a type where that is not its fields as they are is
 * named in the unit's package.json: `"graph": { "mappers": { "Title": "./domain/title.ts#TitleRecord" } }`, seen from `src`.
 */
async function main(): Promise<void> {
  const root = resolve(import.meta.dirname, '../../..');
  const isCheck = process.argv.includes('--check');
  for (const context of globSync(`{services,edge,cdn}/*/${CONTEXT_FILE}`, { cwd: root }).sort()) {
    const folder = join(root, context, '../..');
    const text = await generateTypes(folder);
    const file = join(folder, TYPES_FILE);
    if (!isCheck) writeFileSync(file, text);
    else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      process.stdout.write(
        `${folder}/schema.graphql has changed since its types were generated: run node packages/graph/src/generate-types.ts\n`,
      );
      process.exitCode = 1;
    }
  }
}

const CONTEXT_FILE = 'src/graph-context.ts';
export const TYPES_FILE = 'src/graph.types.ts';

/** The text of the types for the unit in the folder. */
export async function generateTypes(folder: string): Promise<string> {
  const generated = await codegen({
    filename: 'graph.types.ts',
    schema: parse(readFileSync(join(folder, 'schema.graphql'), 'utf8')),
    documents: [],
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers },
    config: {
      federation: true,
      enumsAsTypes: true,
      useTypeImports: true,
      contextType: './graph-context.ts#GraphContext',
      mappers: mappersOf(folder),
      scalars: { ID: 'string' },
      defaultScalarType: 'unknown',
      immutableTypes: true,
      skipTypename: true,
      avoidOptionals: { field: true },
      // One type is for others; the rest is how it is put together.
      noExport: true,
    },
  });
  // Some are exported all the same.
  const exported = generated.replaceAll(/^export (?=type|interface)/gm, '').replace(/^type Resolvers</m, 'export type Resolvers<');
  return formatted(`// Generated from schema.graphql by @bioscope/graph.\n/* oxlint-disable */\n${exported}`);
}

function mappersOf(folder: string): Readonly<Record<string, unknown>> {
  const declared: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const graph = member(declared, 'graph');
  const mappers = member(graph, 'mappers');
  return typeof mappers === 'object' && mappers !== null ? { ...mappers } : {};
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function formatted(text: string): string {
  const root = resolve(import.meta.dirname, '../../..');
  return execFileSync(join(root, 'node_modules/.bin/oxfmt'), ['--stdin-filepath=graph.types.ts'], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
}

if (import.meta.main) await main();
