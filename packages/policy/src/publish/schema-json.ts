import { schemaToJson } from '@cedar-policy/cedar-wasm/nodejs';
import { faultsText } from './faults-text.ts';
import { parseJson } from '../json.ts';
import type { Json } from '../json.ts';
import { PolicyFault } from '../policy-fault.ts';

/** A schema in Cedar's JSON format from either of its formats. Slow (a WebAssembly module is loaded): for publishing, not for requests. */
export function schemaJson(text: string): Json {
  if (text.trimStart().startsWith('{')) return parseJson(text);
  const answer = schemaToJson(text);
  if (answer.type === 'failure') throw new PolicyFault(`the schema cannot be read: ${faultsText(answer.errors)}`);
  return answer.json as unknown as Json;
}
