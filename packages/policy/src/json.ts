import { PolicyFault } from './policy-fault.ts';

/** Whole numbers beyond 2^53 come as bigint. */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** `JSON.parse` with every integer exact. Throws `PolicyFault`. */
export function parseJson(text: string): Json {
  try {
    return JSON.parse(text, (_key, value: Json, context?: { source?: string }) => {
      if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
      const { source } = context ?? {};
      return source !== undefined && /^-?[0-9]+$/.test(source) ? BigInt(source) : value;
    }) as Json;
  } catch (cause) {
    throw new PolicyFault(`this is no JSON: ${(cause as Error).message}`, { cause });
  }
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

export function asObject(json: Json | undefined, where: string): JsonObject {
  if (!isObject(json)) throw new PolicyFault(`${where}: an object is wanted, not ${described(json)}`);
  return json;
}

export function asArray(json: Json | undefined, where: string): readonly Json[] {
  if (!Array.isArray(json)) throw new PolicyFault(`${where}: an array is wanted, not ${described(json)}`);
  return json as readonly Json[];
}

export function asText(json: Json | undefined, where: string): string {
  if (typeof json !== 'string') throw new PolicyFault(`${where}: a string is wanted, not ${described(json)}`);
  return json;
}

export function described(json: Json | undefined): string {
  if (json === undefined) return 'nothing';
  if (json === null) return 'null';
  if (Array.isArray(json)) return 'an array';
  return typeof json === 'object' ? 'an object' : `${typeof json === 'bigint' ? 'number' : typeof json} ${String(json).slice(0, 40)}`;
}
