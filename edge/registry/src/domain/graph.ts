import type { Composed } from './compose.ts';

export type SchemaEvent = {
  readonly type: 'schema.accepted' | 'schema.refused';
  readonly service: string;
  readonly sdl: string;
  readonly version: string;
  readonly reasons: readonly string[];
  /** Of the graph that came of an accepted change; of a refused one, the graph that stayed. */
  readonly graphVersion: number;
  readonly graphSha256: string;
};

export type ServiceSchema = { readonly sdl: string; readonly version: string };

/** What the events say: which schemas make the graph, and which were refused last and might fit once others come. */
export type GraphRecord = {
  /** Events so far. */
  readonly sequence: number;
  readonly graphVersion: number;
  readonly accepted: ReadonlyMap<string, ServiceSchema>;
  readonly waiting: ReadonlyMap<string, ServiceSchema & { readonly reasons: readonly string[] }>;
};

export const NO_GRAPH: GraphRecord = { sequence: 0, graphVersion: 0, accepted: new Map(), waiting: new Map() };

export function foldSchemaEvent(record: GraphRecord, event: SchemaEvent): GraphRecord {
  const accepted = new Map(record.accepted);
  const waiting = new Map(record.waiting);
  const { service, sdl, version, reasons } = event;
  if (event.type === 'schema.accepted') {
    accepted.set(service, { sdl, version });
    waiting.delete(service);
  } else waiting.set(service, { sdl, version, reasons });
  return { sequence: record.sequence + 1, graphVersion: event.graphVersion, accepted, waiting };
}

export type PublishDecision =
  | { readonly kind: 'unchanged'; readonly graphVersion: number }
  | { readonly kind: 'refused'; readonly reasons: readonly string[]; readonly events: readonly SchemaEvent[] }
  | { readonly kind: 'accepted'; readonly graphVersion: number; readonly events: readonly SchemaEvent[] };

/**
 * Whether a schema joins the graph. It does when all composes with it in; or when it does together with schemas that were refused before for want of this one: two
 * services may need each other, and one of them is always the first. A refusal leaves the graph as it is.
 */
export function decidePublish(
  record: GraphRecord,
  schema: { readonly service: string; readonly sdl: string; readonly version: string },
  compose: (parts: ReadonlyMap<string, string>) => Composed,
): PublishDecision {
  const { service, sdl, version } = schema;
  if (record.accepted.get(service)?.sdl === sdl && !record.waiting.has(service))
    return { kind: 'unchanged', graphVersion: record.graphVersion };
  const parts = new Map([...record.accepted].map(([name, part]) => [name, part.sdl]));
  parts.set(service, sdl);
  const alone = compose(parts);
  if (alone.kind === 'composed') return acceptedWith(record, [{ service, sdl, version }], alone.sha256);

  const others = [...record.waiting].filter(([name]) => name !== service);
  for (const [name, part] of others) parts.set(name, part.sdl);
  const together: Composed = others.length === 0 ? alone : compose(parts);
  if (together.kind === 'composed') {
    const joined = others.map(([name, part]) => ({ service: name, sdl: part.sdl, version: part.version }));
    return acceptedWith(record, [{ service, sdl, version }, ...joined], together.sha256);
  }
  return refused(record, schema, alone.reasons);
}

function acceptedWith(
  record: GraphRecord,
  schemas: readonly { service: string; sdl: string; version: string }[],
  graphSha256: string,
): PublishDecision {
  const graphVersion = record.graphVersion + 1;
  const events = schemas.map((schema) => ({ type: 'schema.accepted' as const, ...schema, reasons: [], graphVersion, graphSha256 }));
  return { kind: 'accepted', graphVersion, events };
}

/** Asked again, a refused schema is refused again, without another event for it. */
function refused(
  record: GraphRecord,
  schema: { service: string; sdl: string; version: string },
  reasons: readonly string[],
): PublishDecision {
  const known = record.waiting.get(schema.service);
  const isKnown = known?.sdl === schema.sdl && known.reasons.join('\n') === reasons.join('\n');
  const event = { type: 'schema.refused' as const, ...schema, reasons, graphVersion: record.graphVersion, graphSha256: '' };
  return { kind: 'refused', reasons, events: isKnown ? [] : [event] };
}
