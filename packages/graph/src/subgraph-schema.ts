import {
  buildASTSchema,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLUnionType,
  isObjectType,
  Kind,
  parse,
  print,
  validateSchema,
} from 'graphql';
import type { ConstDirectiveNode, DefinitionNode, GraphQLNamedType, GraphQLSchema, ObjectTypeDefinitionNode } from 'graphql';

import { resolveEntities, typenameOf } from './entities.ts';
import { FEDERATION_DIRECTIVES, FEDERATION_TYPES } from './federation-directives.ts';

/** Resolvers by type and field, as the generated `Resolvers` type of a service says. */
export type ResolverMap = Readonly<Record<string, object | undefined>>;

/**
 * An executable schema from a domain service's part of the graph, with `_service` and `_entities`. Throws when the text is no schema, imports a
 * directive that is not known here, or when there is a resolver for something that the schema does not have.
 */
export function subgraphSchema(sdl: string, resolvers: ResolverMap): GraphQLSchema {
  const own = parse(sdl, { noLocation: false }).definitions;
  const types = own.filter((definition) => definition.kind !== Kind.SCHEMA_EXTENSION).map(extensionAsDefinition(own));
  const entities = types.filter(isEntity).map((type) => type.name.value);
  const federation = parse([FEDERATION_TYPES, ...directivesOf(own), queryFields(types, entities)].join('\n')).definitions;
  const schema = buildASTSchema({ kind: Kind.DOCUMENT, definitions: [...types, ...federation] });
  const faults = validateSchema(schema);
  if (faults.length > 0) throw new TypeError(`the schema is not valid: ${faults.map((fault) => fault.message).join('; ')}`);
  attachResolvers(schema, resolvers);
  attachFederation(schema, sdl, resolvers);
  return schema;
}

/** `extend type Query` without a definition elsewhere is usual in subgraphs; graphql-js wants a definition. */
function extensionAsDefinition(all: readonly DefinitionNode[]): (definition: DefinitionNode) => DefinitionNode {
  const defined = new Set(all.flatMap((definition) => (definition.kind === Kind.OBJECT_TYPE_DEFINITION ? [definition.name.value] : [])));
  return (definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_EXTENSION || defined.has(definition.name.value)) return definition;
    defined.add(definition.name.value);
    return { ...definition, kind: Kind.OBJECT_TYPE_DEFINITION };
  };
}

function isEntity(definition: DefinitionNode): definition is ObjectTypeDefinitionNode {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION && (definition.directives ?? []).some(isResolvableKey);
}

function isResolvableKey(directive: ConstDirectiveNode): boolean {
  const resolvable = directive.arguments?.find((argument) => argument.name.value === 'resolvable')?.value;
  return directive.name.value === 'key' && !(resolvable?.kind === Kind.BOOLEAN && !resolvable.value);
}

function directivesOf(definitions: readonly DefinitionNode[]): string[] {
  const links = definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_EXTENSION ? (definition.directives ?? []).filter((directive) => directive.name.value === 'link') : [],
  );
  const imported = links.flatMap((link) => link.arguments?.find((argument) => argument.name.value === 'import')?.value ?? []);
  const names = imported.flatMap((list) => (list.kind === Kind.LIST ? list.values : [list]));
  return names.map((name) => {
    const known = name.kind === Kind.STRING ? FEDERATION_DIRECTIVES[name.value] : undefined;
    if (known === undefined)
      throw new TypeError(
        `the schema imports ${print(name)}; known here are ${Object.keys(FEDERATION_DIRECTIVES).join(', ')}, under their own names`,
      );
    return known;
  });
}

function queryFields(types: readonly DefinitionNode[], entities: readonly string[]): string {
  const hasQuery = types.some((type) => type.kind === Kind.OBJECT_TYPE_DEFINITION && type.name.value === 'Query');
  const fields = entities.length === 0 ? '' : '_entities(representations: [_Any!]!): [_Entity]!';
  const union = entities.length === 0 ? '' : `union _Entity = ${entities.join(' | ')}`;
  return `${union}\n${hasQuery ? 'extend type' : 'type'} Query { _service: _Service! ${fields} }`;
}

function attachResolvers(schema: GraphQLSchema, resolvers: ResolverMap): void {
  for (const [typeName, entry] of Object.entries(resolvers)) {
    if (entry === undefined) continue;
    const type = schema.getType(typeName);
    if (type === undefined) throw new TypeError(`there are resolvers for ${typeName}, which the schema does not have`);
    if (type instanceof GraphQLScalarType) attachScalar(type, entry);
    else for (const [name, resolver] of Object.entries(entry)) attachResolver(type, name, resolver);
  }
}

function attachScalar(type: GraphQLScalarType, given: object): void {
  if (!(given instanceof GraphQLScalarType)) throw new TypeError(`${type.name} is a scalar: give a GraphQLScalarType`);
  type.serialize = given.serialize.bind(given);
  type.parseValue = given.parseValue.bind(given);
  type.parseLiteral = given.parseLiteral.bind(given);
}

function attachResolver(type: GraphQLNamedType, name: string, resolver: unknown): void {
  if (resolver === undefined || name === '__resolveReference') return;
  if (typeof resolver !== 'function') throw new TypeError(`${type.name}.${name} is to be a function`);
  if (name === '__resolveType' && (type instanceof GraphQLInterfaceType || type instanceof GraphQLUnionType)) {
    type.resolveType = resolver as NonNullable<GraphQLUnionType['resolveType']>;
    return;
  }
  const field = type instanceof GraphQLObjectType ? type.getFields()[name] : undefined;
  if (field === undefined) throw new TypeError(`there is a resolver for ${type.name}.${name}, which the schema does not have`);
  field.resolve = resolver as NonNullable<typeof field.resolve>;
}

function attachFederation(schema: GraphQLSchema, sdl: string, resolvers: ResolverMap): void {
  const fields = schema.getQueryType()?.getFields();
  const service = fields?.['_service'];
  if (service !== undefined) service.resolve = () => ({ sdl });
  const entities = fields?.['_entities'];
  const union = schema.getType('_Entity');
  if (entities === undefined || !(union instanceof GraphQLUnionType)) return;
  const resolve = resolveEntities(new Set(union.getTypes().map((type) => type.name)), resolvers);
  entities.resolve = (_root, args: { readonly representations: readonly unknown[] }, context, info) =>
    resolve(args.representations, context, info);
  union.resolveType = (value) => {
    const name = typenameOf(value);
    return name !== undefined && isObjectType(schema.getType(name)) ? name : undefined;
  };
}
