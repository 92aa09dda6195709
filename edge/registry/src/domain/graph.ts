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
 * Whether a schema joins the graph. It does when all composes with it in; or when it does together with one or all of the schemas that were refused before: two services may need
 * each other, and one of them is always the first. Whatever else was refused before and fits now joins with it. A refusal leaves the graph as it is.
 */
export function decidePublish(record: GraphRecord, schema: Published, compose: Compose): PublishDecision {
  const { service, sdl } = schema;
  if (record.accepted.get(service)?.sdl === sdl && !record.waiting.has(service))
    return { kind: 'unchanged', graphVersion: record.graphVersion };
  const others = [...record.waiting].filter(([name]) => name !== service).map(([name, part]) => ({ service: name, ...part }));
  const without = partsOf(record.accepted);
  const found = composeWithHelp(without, schema, others, compose);
  if (found.kind === 'refused') return refused(record, schema, found.reasons);
  return accepted(record, joinRest(found, others, compose));
}

export type Published = { readonly service: string; readonly sdl: string; readonly version: string };
type Compose = (parts: ReadonlyMap<string, string>) => Composed;
type Joined =
  | {
      readonly kind: 'composed';
      readonly parts: ReadonlyMap<string, string>;
      readonly schemas: readonly Published[];
      readonly sha256: string;
    }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

function partsOf(schemas: ReadonlyMap<string, ServiceSchema>): ReadonlyMap<string, string> {
  return new Map([...schemas].map(([name, { sdl }]) => [name, sdl]));
}

function composeWith(parts: ReadonlyMap<string, string>, schemas: readonly Published[], compose: Compose): Joined {
  const all = new Map(parts);
  for (const { service, sdl } of schemas) all.set(service, sdl);
  const composed = compose(all);
  return composed.kind === 'composed' ? { kind: 'composed', parts: all, schemas, sha256: composed.sha256 } : composed;
}

/** Alone, with each one that waits, then with all of them: trying every set would take for ever. The reasons are those of the schema alone. */
function composeWithHelp(parts: ReadonlyMap<string, string>, schema: Published, others: readonly Published[], compose: Compose): Joined {
  const alone = composeWith(parts, [schema], compose);
  if (alone.kind === 'composed') return alone;
  const sets = others.length > 1 ? [...others.map((other) => [other]), others] : others.map((other) => [other]);
  for (const set of sets) {
    const together = composeWith(parts, [schema, ...set], compose);
    if (together.kind === 'composed') return together;
  }
  return alone;
}

/** Ends: every round takes one of those that wait, or is the last. */
function joinRest(found: Joined & { kind: 'composed' }, others: readonly Published[], compose: Compose): Joined & { kind: 'composed' } {
  let joined = found;
  for (;;) {
    const { parts, schemas } = joined;
    const left = others.filter(({ service }) => !schemas.some((schema) => schema.service === service));
    const more = left.map((schema) => composeWith(parts, [schema], compose)).find((each) => each.kind === 'composed');
    if (more === undefined) return joined;
    joined = { ...more, schemas: [...schemas, ...more.schemas] };
  }
}

function accepted(record: GraphRecord, { schemas, sha256 }: Joined & { kind: 'composed' }): PublishDecision {
  const graphVersion = record.graphVersion + 1;
  const events = schemas.map(({ service, sdl, version }) => ({
    type: 'schema.accepted' as const,
    service,
    sdl,
    version,
    reasons: [],
    graphVersion,
    graphSha256: sha256,
  }));
  return { kind: 'accepted', graphVersion, events };
}

/** Asked again, a refused schema is refused again, without another event for it. */
function refused(record: GraphRecord, schema: Published, reasons: readonly string[]): PublishDecision {
  const known = record.waiting.get(schema.service);
  const isKnown = known?.sdl === schema.sdl && known.reasons.join('\n') === reasons.join('\n');
  const event = { type: 'schema.refused' as const, ...schema, reasons, graphVersion: record.graphVersion, graphSha256: '' };
  return { kind: 'refused', reasons, events: isKnown ? [] : [event] };
}
