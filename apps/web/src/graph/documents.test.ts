import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { composeServices } from '@theguild/federation-composition';
import { buildASTSchema, Kind, parse, validate, visit } from 'graphql';

const ROOT = path.resolve(import.meta.dirname, '../../../..');
const APP = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** The graph as apps see it, from what all services say of theirs. */
function composedGraph() {
  const typeDefs = globSync('services/*/schema.graphql', { cwd: ROOT }).map((file) => ({
    name: path.basename(path.dirname(file)),
    url: 'http://nowhere',
    typeDefs: parse(read(file)),
  }));
  const { supergraphSdl, errors } = composeServices(typeDefs);
  assert.equal(errors, undefined, 'the schemas of the services do not compose');
  // What says which service answers what is for the planner.
  const plain = visit(parse(supergraphSdl ?? ''), { Directive: () => null, SchemaExtension: () => null });
  return buildASTSchema(plain);
}

describe('the operations of the app', () => {
  const files = globSync('**/*.graphql', { cwd: APP });
  const schema = composedGraph();
  const faultsOf = (document: string): string[] => validate(schema, parse(document)).map(({ message }) => message);

  it('are answered by the graph of all services', () => {
    assert.ok(files.length > 20, 'hardly an operation was found');
    for (const file of files) assert.deepEqual(faultsOf(readFileSync(path.join(APP, file), 'utf8')), [], file);
    assert.equal(faultsOf('{ membership { somethingElse } }').length, 1);
  });

  it('are one to a file, and have a name for those who look at traces', () => {
    const wrong = files.filter((file) => {
      const { definitions } = parse(readFileSync(path.join(APP, file), 'utf8'));
      const [definition, ...more] = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
      return definition?.name === undefined || more.length > 0;
    });
    assert.deepEqual(wrong, []);
  });
});
