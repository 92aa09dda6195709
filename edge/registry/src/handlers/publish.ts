import { RpcError } from '@bioscope/rpc';
import type { RequestContext } from '@bioscope/rpc';

import type { PublishRequest } from '../../contract/index.ts';
import type { CurrentGraph } from '../current-graph.ts';
import { compose } from '../domain/compose.ts';
import { decidePublish } from '../domain/graph.ts';
import type { RegistryStore } from '../store.ts';

/** An event holds it whole, and must stay below the 256 KiB that the store takes; the largest single schema known to us has some 100 KB. */
const SDL_BYTES_MAX = 200 * 1_024;
const VERSION_CHARACTERS_MAX = 100;
/** All services of an installation publish at once when it starts. */
const ATTEMPTS_MAX = 20;

export type PublishParts = { readonly store: RegistryStore; readonly graph: CurrentGraph; readonly newId: () => string };

/** Load, decide, append under the version decided on; again when another instance was faster. */
export async function publish(
  { store, graph, newId }: PublishParts,
  request: PublishRequest,
  { caller }: Pick<RequestContext, 'caller'>,
): Promise<{ accepted: boolean; reasons: string[]; graphVersion: number }> {
  check(request, caller);
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const record = await graph.refresh();
    const decision = decidePublish(record, request, compose);
    if (decision.kind === 'unchanged') return { accepted: true, reasons: [], graphVersion: decision.graphVersion };
    if (decision.events.length > 0) {
      const appended = await store.append({ expectedVersion: record.sequence, events: decision.events, commandId: newId() });
      if (appended.kind === 'conflict') continue;
      await graph.refresh();
    }
    if (decision.kind === 'accepted') return { accepted: true, reasons: [], graphVersion: decision.graphVersion };
    return { accepted: false, reasons: [...decision.reasons], graphVersion: record.graphVersion };
  }
  throw new RpcError('aborted', `the graph was changed ${ATTEMPTS_MAX} times meanwhile; try again`);
}

function check(request: PublishRequest, caller: string): void {
  if (request.service !== caller) throw new RpcError('permission_denied', `"${caller}" cannot publish for "${request.service}"`);
  const bytes = Buffer.byteLength(request.sdl);
  if (bytes === 0) throw new RpcError('invalid_argument', 'sdl is empty; the text of schema.graphql is wanted');
  if (bytes > SDL_BYTES_MAX) throw new RpcError('invalid_argument', `sdl has ${bytes} bytes; at most ${SDL_BYTES_MAX} are taken`);
  if (request.version.length > VERSION_CHARACTERS_MAX)
    throw new RpcError('invalid_argument', `version is longer than ${VERSION_CHARACTERS_MAX} characters`);
}
