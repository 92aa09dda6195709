import assert from 'node:assert/strict';
import type { DescMessage, DescMethod, DescService, MessageInitShape } from '@bufbuild/protobuf';
import type { Allowed, Handlers, HttpHandler, RequestContext, ServeLimits } from './port.ts';
import { createRoom } from './room.ts';
import type { Room } from './room.ts';

/** Who may use something: unit names, `*` for every proven unit, `` for anybody. */
export type Guests = { readonly names: ReadonlySet<string>; readonly everyUnit: boolean; readonly anybody: boolean };

export type Endpoint = {
  readonly unit: string;
  /** `/<package>.<Service>/<Method>` */
  readonly path: string;
  readonly input: DescMessage;
  readonly output: DescMessage;
  readonly guests: Guests;
  /** Shared by the methods of its service. */
  readonly room: Room;
  handle(request: unknown, context: RequestContext): Promise<MessageInitShape<DescMessage>> | MessageInitShape<DescMessage>;
};

export type Mount = { readonly unit: string; readonly prefix: string; readonly handler: HttpHandler; readonly guests: Guests };

/** What the units of this process answer to. */
export type Registry = {
  serve<S extends DescService>(unit: string, service: S, handlers: Handlers<S>, allowed: Allowed<S>, limits?: ServeLimits): void;
  mount(unit: string, prefix: string, handler: HttpHandler, allowed: readonly string[]): void;
  endpoint(path: string): Endpoint | undefined;
  /** The mount with the longest prefix of `path` (what follows `/http/<unit>`). */
  mounted(unit: string, path: string): Mount | undefined;
  /** Units that serve or mount something, in the order in which they began. */
  serving(): readonly string[];
  onServing(listener: () => void): () => void;
};

/** The unit that serves it: the second part of the package (`bioscope.<unit>.v1`). */
export function unitOf(service: DescService): string {
  const unit = service.typeName.split('.')[1];
  assert(unit !== undefined && service.typeName.split('.').length > 2, `${service.typeName} is not in a package bioscope.<unit>.v1`);
  return unit;
}

export function createRegistry(): Registry {
  const endpoints = new Map<string, Endpoint>();
  const mounts: Mount[] = [];
  const serving = new Set<string>();
  const listeners = new Set<() => void>();

  function began(unit: string): void {
    if (serving.has(unit)) return;
    serving.add(unit);
    for (const listener of listeners) listener();
  }

  return {
    serve(unit, service, handlers, allowed, limits = {}) {
      assert.equal(unitOf(service), unit, `the unit "${unit}" cannot serve ${service.typeName}`);
      const room = createRoom(limits);
      for (const method of service.methods) {
        const endpoint = { ...endpointOf(unit, method, handlers, allowed), room };
        assert(!endpoints.has(endpoint.path), `${endpoint.path} is served twice`);
        endpoints.set(endpoint.path, endpoint);
      }
      began(unit);
    },
    mount(unit, prefix, handler, allowed) {
      assert(!mounts.some((mount) => mount.unit === unit && mount.prefix === prefix), `${prefix} of "${unit}" is mounted twice`);
      mounts.push({ unit, prefix, handler, guests: guestsOf(allowed) });
      mounts.sort((a, b) => b.prefix.length - a.prefix.length);
      began(unit);
    },
    endpoint: (path) => endpoints.get(path),
    mounted: (unit, path) => mounts.find((mount) => mount.unit === unit && isBelow(path, mount.prefix)),
    serving: () => [...serving],
    onServing(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `/artwork` covers itself and what lies below, not `/artworks`; a prefix that ends with a slash covers what starts with it. */
function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (prefix.endsWith('/') || path.length === prefix.length || path[prefix.length] === '/');
}

function endpointOf<S extends DescService>(
  unit: string,
  method: DescMethod,
  handlers: Handlers<S>,
  allowed: Allowed<S>,
): Omit<Endpoint, 'room'> {
  const path = `/${method.parent.typeName}/${method.name}`;
  assert.equal(method.methodKind, 'unary', `${path} is not unary`);
  // The types of `Handlers` tie each key to its method; here the pair is looked up by name.
  const byName = handlers as Readonly<Record<string, Endpoint['handle'] | undefined>>;
  const handle = byName[method.localName];
  assert(handle !== undefined, `${path} has no handler "${method.localName}"`);
  const lists: Readonly<Record<string, readonly string[] | undefined>> = allowed;
  return { unit, path, input: method.input, output: method.output, guests: guestsOf(lists[method.localName] ?? allowed['*']), handle };
}

function guestsOf(allowed: readonly string[]): Guests {
  return { names: new Set(allowed), everyUnit: allowed.includes('*'), anybody: allowed.includes('') };
}
