/**
 * What may stand in a log line: secrets are replaced by their name, errors become plain fields with their causes, and depth and
 * length are bounded so that one careless field cannot fill a disk. It knows secrets by field name and by two shapes inside
 * text (bearer credentials and segment tokens in URLs); a secret under an innocent name is not recognised.
 */
export function scrub(fields: object): Record<string, unknown> {
  return scrubObject(fields, 0);
}

const DEPTH_MAX = 6;
const ENTRIES_MAX = 100;
const TEXT_MAX = 8_192;
const CAUSES_MAX = 5;
const HIDDEN = '[hidden]';
const SECRET_NAME =
  /^(?:authorization|cookie|set-cookie|credentials?|tokens?|(?:.*[-_])?(?:secret|password|passphrase)s?|.*(?:Token|Secret|Password|Credential))$|^.*_token$/i;

function scrubObject(value: object, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  let entries = 0;
  for (const [key, entry] of Object.entries(value)) {
    if (entries++ === ENTRIES_MAX) {
      clean['…'] = `more than ${ENTRIES_MAX} fields`;
      break;
    }
    clean[key] = SECRET_NAME.test(key) && !isHarmless(entry) ? HIDDEN : scrubValue(entry, depth + 1);
  }
  return clean;
}

/** Counts, flags and absences under a secret's name say nothing. */
function isHarmless(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean';
}

function scrubValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrubText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value, depth, 0);
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (value instanceof Date) return value.toJSON();
  if (depth >= DEPTH_MAX) return '…';
  if (!Array.isArray(value)) return scrubObject(value, depth);
  const kept = value.slice(0, ENTRIES_MAX).map((entry: unknown) => scrubValue(entry, depth + 1));
  return value.length > ENTRIES_MAX ? [...kept, `… ${value.length - ENTRIES_MAX} more`] : kept;
}

function scrubText(text: string): string {
  let clean = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}… (${text.length} characters)` : text;
  if (clean.includes('/t/')) clean = clean.replaceAll(/\/t\/[^/\s]{16,}\//g, `/t/${HIDDEN}/`);
  if (/bearer /i.test(clean)) clean = clean.replaceAll(/bearer \S+/gi, `Bearer ${HIDDEN}`);
  return clean;
}

function describeError(error: Error, depth: number, causes: number): Record<string, unknown> {
  const described: Record<string, unknown> = { type: error.name, message: scrubText(error.message) };
  if ('code' in error && typeof error.code === 'string') described['code'] = error.code;
  if (error.stack !== undefined) described['stack'] = scrubText(error.stack);
  if (error instanceof AggregateError) described['errors'] = scrubValue(error.errors, depth + 1);
  if (error.cause !== undefined && causes < CAUSES_MAX) {
    described['cause'] = error.cause instanceof Error ? describeError(error.cause, depth, causes + 1) : scrubValue(error.cause, depth + 1);
  }
  return described;
}
