import { GraphQLEnumType, type GraphQLLeafType } from 'graphql';

/** The JSON text of a leaf's value, or undefined when it is not what the schema says: services may answer anything. */
export type LeafText = (value: unknown) => string | undefined;

export function leafText(type: GraphQLLeafType): LeafText {
  if (type instanceof GraphQLEnumType) {
    const texts = new Map(type.getValues().map(({ name }) => [name, JSON.stringify(name)]));
    return (value) => (typeof value === 'string' ? texts.get(value) : undefined);
  }
  return SCALARS[type.name] ?? ((value) => JSON.stringify(value));
}

const SCALARS: Readonly<Record<string, LeafText | undefined>> = {
  String: (value) => (typeof value === 'string' ? JSON.stringify(value) : undefined),
  ID: (value) => (typeof value === 'string' || Number.isInteger(value) ? JSON.stringify(String(value)) : undefined),
  Int: (value) => (typeof value === 'number' && (value | 0) === value ? String(value) : undefined),
  Float: (value) => (typeof value === 'number' ? String(value) : undefined),
  Boolean: (value) => (value === true ? 'true' : value === false ? 'false' : undefined),
};
