import { fieldOf } from '../values/value.ts';

/** `.plan` or `["a b"]`: how generated code reads an attribute from a record. */
export function accessPath(attribute: string): string {
  const field = fieldOf(attribute);
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(field) ? `.${field}` : `[${JSON.stringify(field)}]`;
}
