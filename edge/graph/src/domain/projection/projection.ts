import { getNullableType, isAbstractType, isInterfaceType, isLeafType, isListType, isNonNullType, isObjectType, Kind } from 'graphql';
import type {
  DocumentNode,
  FieldNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLInterfaceType,
  GraphQLObjectType,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql';

import { isData, type Data } from '../data.ts';
import { addError, isExplained, type ReplyError } from '../errors.ts';
import { leafText } from './leaves.ts';
import { collectFields, type Fragments } from './selections.ts';

/**
 * Writes merged data as the JSON text of the operation's `data`: the fields asked for and no others, in their order, with nulls passed upwards and errors added as
 * the GraphQL specification says (section 6.4.4). Values that the schema does not allow become null with an error. An object that is `gone` (a service was asked about it and
 * knows no such entity) becomes null without one: that is what the service said, and what its field may be.
 */
export type Project = (data: Data, errors: ReplyError[], gone: ReadonlyWeakSet) => string;
export type ReadonlyWeakSet = Pick<WeakSet<Data>, 'has'>;

/** A null that the place it stands in may not have: the next object or list around it that may be null becomes null. */
const UPWARDS = '';

type Walk = {
  readonly errors: ReplyError[];
  readonly gone: ReadonlyWeakSet;
  /** Whether the object around the value in hand is gone. */
  isGone: boolean;
  /** Where the walk stands: the keys around the value in hand, and its own. */
  readonly above: (string | number)[];
  key: string | number;
};
type Projector = (value: unknown, walk: Walk) => string;
type ProjectedField = {
  readonly key: string;
  /** `"key":` */
  readonly label: string;
  readonly project: Projector;
};
type Compiling = { readonly schema: GraphQLSchema; readonly fragments: Fragments };

export function compileProjection(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Project {
  const root = schema.getRootType(operation.operation);
  if (root === undefined || root === null) throw new TypeError(`the graph has no ${operation.operation}`);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const fields = fieldsOf({ schema, fragments }, root, [operation.selectionSet]);
  if (fields === null) throw new TypeError(`${root.name} is no object type`);
  return (data, errors, gone) => {
    const text = writeObject(fields, data, { errors, gone, isGone: false, above: [], key: '' });
    return text === UPWARDS ? 'null' : text;
  };
}

function fieldsOf(
  compiling: Compiling,
  type: GraphQLObjectType | GraphQLInterfaceType,
  sets: readonly SelectionSetNode[],
): ProjectedField[] | null {
  const collected = collectFields(compiling.schema, compiling.fragments, type, sets);
  if (collected === null) return null;
  const fields: ProjectedField[] = [];
  for (const [key, found] of collected) {
    const name = found[0]?.name.value ?? '';
    const project = name === '__typename' ? constant(type.name) : fieldProjector(compiling, type, name, found);
    fields.push({ key, label: `${JSON.stringify(key)}:`, project });
  }
  return fields;
}

function constant(text: string): Projector {
  const json = JSON.stringify(text);
  return () => json;
}

function fieldProjector(
  compiling: Compiling,
  type: GraphQLObjectType | GraphQLInterfaceType,
  name: string,
  found: readonly FieldNode[],
): Projector {
  // Introspection was answered from the schema itself, selected already.
  if (name === '__schema' || name === '__type') return (value) => JSON.stringify(value ?? null);
  const field = type.getFields()[name];
  if (field === undefined) throw new TypeError(`the graph has no ${type.name}.${name}`);
  const below = found.flatMap((node) => node.selectionSet ?? []);
  return projectorOf(compiling, field.type, below, `${type.name}.${field.name}`);
}

function projectorOf(compiling: Compiling, type: GraphQLOutputType, below: readonly SelectionSetNode[], place: string): Projector {
  if (isNonNullType(type)) {
    const inner = projectorOf(compiling, getNullableType(type), below, place);
    return (value, walk) => {
      const isThere = value !== null && value !== undefined;
      const text = isThere ? inner(value, walk) : 'null';
      if (text !== 'null') return text;
      if (isThere || !walk.isGone) noteMissing(walk, place);
      return UPWARDS;
    };
  }
  if (isListType(type)) return listProjector(projectorOf(compiling, type.ofType, below, place), place);
  if (isLeafType(type)) {
    const textOf = leafText(type);
    return (value, walk) => {
      if (value === null || value === undefined) return 'null';
      return textOf(value) ?? noteWrong(walk, place, `is no ${type.name}`);
    };
  }
  return objectProjector(compiling, type, below, place);
}

function listProjector(item: Projector, place: string): Projector {
  return (value, walk) => {
    if (value === null || value === undefined) return 'null';
    if (!Array.isArray(value)) return noteWrong(walk, place, 'is no list');
    const { key } = walk;
    walk.above.push(key);
    let text = '[';
    for (let index = 0; index < value.length; index += 1) {
      walk.key = index;
      const part = item(value[index], walk);
      if (part === UPWARDS) {
        text = 'null';
        break;
      }
      text += index === 0 ? part : `,${part}`;
    }
    walk.above.pop();
    walk.key = key;
    return text === 'null' ? text : `${text}]`;
  };
}

function objectProjector(compiling: Compiling, type: GraphQLCompositeType, below: readonly SelectionSetNode[], place: string): Projector {
  const byType = new Map<string, ProjectedField[] | null>();
  const fieldsFor = (name: string): ProjectedField[] | null => {
    let fields = byType.get(name);
    if (fields === undefined) byType.set(name, (fields = possibleFields(compiling, type, name, below)));
    return fields;
  };
  return (value, walk) => {
    if (value === null || value === undefined) return 'null';
    if (!isData(value)) return noteWrong(walk, place, 'is no object');
    // Plans leave the type away where the reply does not depend on it.
    const typename = isAbstractType(type) ? (value['__typename'] ?? type.name) : type.name;
    const fields = typeof typename === 'string' ? fieldsFor(typename) : null;
    if (fields === null) return noteWrong(walk, place, `has a type that is no ${type.name}`);
    const { key, isGone } = walk;
    walk.above.push(key);
    walk.isGone = walk.gone.has(value);
    const text = writeObject(fields, value, walk);
    walk.above.pop();
    walk.isGone = isGone;
    walk.key = key;
    return text === UPWARDS ? 'null' : text;
  };
}

function possibleFields(
  compiling: Compiling,
  type: GraphQLCompositeType,
  name: string,
  below: readonly SelectionSetNode[],
): ProjectedField[] | null {
  const concrete = compiling.schema.getType(name);
  if (isInterfaceType(concrete) && concrete === type) return fieldsOf(compiling, concrete, below);
  if (!isObjectType(concrete)) return null;
  if (isAbstractType(type) && !compiling.schema.isSubType(type, concrete)) return null;
  return fieldsOf(compiling, concrete, below);
}

function writeObject(fields: readonly ProjectedField[], data: Data, walk: Walk): string {
  let text = '{';
  for (const { key, label, project } of fields) {
    walk.key = key;
    const part = project(data[key], walk);
    if (part === UPWARDS) return UPWARDS;
    text += text === '{' ? label + part : `,${label}${part}`;
  }
  return `${text}}`;
}

/** A null where none may be is an error, unless the service that left it null has said why. */
function noteMissing(walk: Walk, place: string): void {
  const path = placeOf(walk);
  if (!isExplained(walk.errors, path))
    addError(walk.errors, { message: `there is no value for ${place}, which must have one`, path, extensions: { code: 'VALUE_MISSING' } });
}

function noteWrong(walk: Walk, place: string, problem: string): 'null' {
  addError(walk.errors, { message: `the value of ${place} ${problem}`, path: placeOf(walk), extensions: { code: 'VALUE_WRONG' } });
  return 'null';
}

/** The outermost key is that of the reply itself. */
function placeOf(walk: Walk): (string | number)[] {
  return [...walk.above, walk.key];
}
