/** What a value may be. `any` where nothing is known, as without a schema. */
export type Type =
  | { readonly kind: 'any' | 'bool' | 'long' | 'string' | 'decimal' | 'ipaddr' | 'datetime' | 'duration' }
  /** `name` null: an entity of whatever type. */
  | { readonly kind: 'entity'; readonly name: string | null }
  | { readonly kind: 'set'; readonly of: Type }
  | RecordType;

export type RecordType = {
  readonly kind: 'record';
  readonly attributes: ReadonlyMap<string, AttributeType>;
  /** There may be attributes besides these. */
  readonly isOpen: boolean;
};

export type AttributeType = { readonly type: Type; readonly isRequired: boolean };

export const ANY: Type = { kind: 'any' };
export const BOOL: Type = { kind: 'bool' };
export const LONG: Type = { kind: 'long' };
export const STRING: Type = { kind: 'string' };
export const EMPTY_RECORD: RecordType = { kind: 'record', attributes: new Map(), isOpen: false };
export const OPEN_RECORD: RecordType = { kind: 'record', attributes: new Map(), isOpen: true };

export function typeText(type: Type): string {
  if (type.kind === 'entity') return type.name === null ? 'an entity' : `an entity of type ${type.name}`;
  return type.kind === 'set' ? `a set of ${typeText(type.of)}` : type.kind;
}
