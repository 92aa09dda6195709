import { fromBinary } from '@bufbuild/protobuf';
import { base64Decode } from '@bufbuild/protobuf/wire';
import { RefusedSchema, refusalOf } from '@bioscope/access/contract';
import { texts } from '../texts.ts';

/** What access said against it, in the console's words; "" when the error is none of access', or for a reason that no operator meets. */
export function refusalText(fault: unknown): string {
  const details: unknown = typeof fault === 'object' && fault !== null ? Reflect.get(fault, 'details') : undefined;
  if (!Array.isArray(details)) return '';
  for (const detail of details as unknown[]) {
    const because = becauseOf(detail);
    if (because !== null && because in texts.accessRefusals) return texts.accessRefusals[because as keyof typeof texts.accessRefusals];
  }
  return '';
}

/** Connect packs a message as its type and unpadded base64 (https://connectrpc.com/docs/protocol#error-end-stream). */
function becauseOf(detail: unknown): string | null {
  if (typeof detail !== 'object' || detail === null || Reflect.get(detail, 'type') !== RefusedSchema.typeName) return null;
  const value: unknown = Reflect.get(detail, 'value');
  if (typeof value !== 'string') return null;
  try {
    return refusalOf(fromBinary(RefusedSchema, base64Decode(value)).because);
  } catch {
    // Cut or of another release: the service's own message says it, too.
    return null;
  }
}
