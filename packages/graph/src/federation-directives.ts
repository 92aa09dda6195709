/**
 * What a schema may import with `@link(url: "https://specs.apollo.dev/federation/v2.x", import: […])`, as definitions that graphql-js can check
 * uses against. Only names and arguments matter here; what the directives mean is checked where schemas are composed.
 * Source: the subgraph specification of Federation 2 (the directives section).
 */
export const FEDERATION_DIRECTIVES: Readonly<Record<string, string>> = {
  '@key': 'directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE',
  '@external': 'directive @external on OBJECT | FIELD_DEFINITION',
  '@requires': 'directive @requires(fields: federation__FieldSet!) on FIELD_DEFINITION',
  '@provides': 'directive @provides(fields: federation__FieldSet!) on FIELD_DEFINITION',
  '@shareable': 'directive @shareable repeatable on OBJECT | FIELD_DEFINITION',
  '@interfaceObject': 'directive @interfaceObject on OBJECT',
  '@override': 'directive @override(from: String!, label: String) on FIELD_DEFINITION',
  '@inaccessible': `directive @inaccessible on ${everywhere()}`,
  '@tag': `directive @tag(name: String!) repeatable on ${everywhere()}`,
};

function everywhere(): string {
  return 'FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION';
}

/** What every domain graph service answers besides its own schema: its schema as text, and entities by their keys. */
export const FEDERATION_TYPES = `
  scalar federation__FieldSet
  scalar _Any
  type _Service { sdl: String! }
`;
