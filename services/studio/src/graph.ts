import type { OperatorGuard } from '@bioscope/access/contract/operator-guard';
import type { GraphContext, ResolverMap } from '@bioscope/graph';
import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';

import { StepState, StepStateSchema } from '../contract/index.ts';
import type { WorkView } from './domain/work-view.ts';
import { shown } from './handlers/show-work.ts';
import type { StudioParts } from './parts.ts';
import type { Shelf } from './shelf.ts';

type Node = { readonly state: string; readonly view: WorkView };
type Loaders = { readonly mayWorkOnFilms: () => Promise<boolean> };
type Context = GraphContext<Passport, Loaders>;

/** The studio's part of the graph (`schema.graphql`): a title's work has the title's id. */
export function studioResolvers(parts: Pick<StudioParts, 'board'>, shelf: Shelf): ResolverMap {
  return {
    Title: {
      async production({ id }: { id: string }, _arguments: object, { loaders }: Context): Promise<Node | null> {
        const loaded = shelf.get(id);
        if (!(await loaders.mayWorkOnFilms()) || loaded === undefined || loaded.work.state === 'removed') return null;
        return { state: loaded.work.state.toUpperCase(), view: shown(parts, loaded) };
      },
    },
    Production: {
      workId: ({ view }: Node) => view.id,
      steps: ({ view }: Node) => view.steps ?? [],
      reason: ({ view }: Node) => view.reason || null,
      reasonCode: ({ view }: Node) => view.reasonCode || null,
      isPlayable: ({ view }: Node) => view.playable ?? false,
      startedAtMs: ({ view }: Node) => view.startedAtMs,
      endedAtMs: ({ view }: Node) => view.endedAtMs || null,
    },
    ProductionStep: {
      state: ({ state = StepState.UNSPECIFIED }: { state?: StepState }) => StepStateSchema.value[state]?.localName ?? null,
      reason: ({ reason }: { reason?: string }) => reason || null,
    },
  };
}

/** Asks access once for a request, when its first title is asked for. Who may not, sees no production; when access does not answer, the field is an error. */
export function mayWorkOnFilms(operators: Pick<OperatorGuard, 'check'>, call: RequestContext): () => Promise<boolean> {
  let decided: Promise<boolean> | undefined;
  return () =>
    (decided ??= operators.check('films', call).then(
      () => true,
      (fault: unknown) => {
        if (fault instanceof RpcError && fault.code === 'permission_denied') return false;
        throw fault;
      },
    ));
}
