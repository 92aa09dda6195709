import type { GraphContext, ResolverMap } from '@bioscope/graph';
import type { Passport } from '@bioscope/passport';

import { StepState, StepStateSchema } from '../contract/index.ts';
import type { WorkView } from './domain/work-view.ts';
import { shown } from './handlers/show-work.ts';
import type { StudioParts } from './parts.ts';
import type { Shelf } from './shelf.ts';

type Node = { readonly state: string; readonly view: WorkView };
type Context = GraphContext<Passport, null>;

/** The studio's part of the graph (`schema.graphql`): a title's work has the title's id. */
export function studioResolvers(parts: Pick<StudioParts, 'board'>, shelf: Shelf): ResolverMap {
  return {
    Title: {
      production({ id }: { id: string }, _arguments: object, { asker }: Context): Node | null {
        const loaded = shelf.get(id);
        if (!asker.isOperator || loaded === undefined || loaded.work.state === 'removed') return null;
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
