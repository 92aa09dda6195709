import { CatalogService, type Edition, type Title } from '@bioscope/catalog/contract';
import { RpcError, type RequestContext, type Rpc } from '@bioscope/rpc';

import { lastKnown } from './last-known.ts';

/** What playback knows of the catalogue: asked, kept for a moment, and used on when the catalogue does not answer. */
export type Catalogue = {
  /** Null when there is no such title. */
  title(titleId: string, within?: RequestContext): Promise<Title | null>;
  /** Null when there is no such edition. Editions never change, so a known one is never asked for again. */
  edition(editionId: string, within?: RequestContext): Promise<Edition | null>;
};

/** A change of availability reaches new sessions after this. */
const TITLE_FRESH_MS = 2_000;
const DEADLINE_MS = 1_500;
/** A few hundred bytes each. */
const TITLES_KEPT_MAX = 5_000;
/** A three-hour film's segment tables take about 200 KiB. */
const EDITIONS_KEPT_MAX = 100;

export function catalogueOf(rpc: Rpc, nowMs: () => number): Catalogue {
  const client = rpc.client(CatalogService);
  const titles = lastKnown<Title | null>({ freshMs: TITLE_FRESH_MS, answersMax: TITLES_KEPT_MAX, nowMs, isSilence });
  const editions = lastKnown<Edition>({ freshMs: Number.POSITIVE_INFINITY, answersMax: EDITIONS_KEPT_MAX, nowMs, isSilence });
  const options = (within: RequestContext | undefined): { deadlineMs: number; idempotent: true; within?: RequestContext } => ({
    deadlineMs: DEADLINE_MS,
    idempotent: true,
    ...(within === undefined ? {} : { within }),
  });
  return {
    async title(titleId, within) {
      const ask = async (): Promise<Title | null> => (await client.getTitle({ titleId }, options(within))).title ?? null;
      return (await titles(titleId, () => orNull(ask()))).value;
    },
    async edition(editionId, within) {
      const ask = async (): Promise<Edition> => {
        const { edition } = await client.getEdition({ editionId }, options(within));
        if (edition === undefined) throw new RpcError('not_found', `there is no edition ${editionId}`);
        return edition;
      };
      return orNull(editions(editionId, ask).then(({ value }) => value));
    },
  };
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (fault) {
    if (fault instanceof RpcError && (fault.code === 'not_found' || fault.code === 'invalid_argument')) return null;
    throw fault;
  }
}

/** Every failure but an answer that says no. */
function isSilence(fault: unknown): boolean {
  return !(fault instanceof RpcError) || !['not_found', 'invalid_argument', 'permission_denied'].includes(fault.code);
}
