import { RpcError } from '@bioscope/rpc';
import type { WorkEvent } from '../domain/events.ts';
import type { Work } from '../domain/work.ts';
import type { StudioParts } from '../parts.ts';

/** Tells the catalogue why there is no film. A title that was removed meanwhile needs no telling. */
export async function reportFailure({ catalog }: StudioParts, work: Work): Promise<WorkEvent> {
  try {
    await catalog.reportPreparation({ titleId: work.id, prepared: 0, failure: work.reason }, { idempotent: true });
  } catch (error) {
    if (!(error instanceof RpcError) || error.code !== 'not_found') throw error;
  }
  return { type: 'reported' };
}
