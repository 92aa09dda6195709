import { AccessService, Action, refusalOf } from '@bioscope/access/contract';
import type { Title } from '@bioscope/catalog/contract';
import type { Client, RequestContext } from '@bioscope/rpc';

import { refused, type Refused } from './domain/entitlement.ts';

/** What access says about playing a title. */
export type Right =
  | { readonly kind: 'granted'; readonly heightMax: number; readonly streamsMax: number; readonly untilMs: number }
  | Refused;

/** Access answers from what it keeps; it has fallbacks of its own for what it asks. */
const DEADLINE_MS = 1_500;

/** Asks whether who calls may play the title. Rejects when access does not answer. */
export function playRights(access: Client<typeof AccessService>): (title: Title, within: RequestContext) => Promise<Right> {
  return async (title, within) => {
    const facts = {
      isPlayable: title.editionId !== '',
      maturity: title.maturity,
      windows: title.windows.map(({ country, fromMs, untilMs }) => ({ country, fromMs, untilMs })),
      heightMax: Math.max(0, ...title.rungHeights),
    };
    const request = { action: Action.PLAY, titleId: title.id, title: facts };
    const { outcome } = await access.decide(request, { within, deadlineMs: DEADLINE_MS, idempotent: true });
    if (outcome.case === 'granted') {
      const { heightMax, streamsMax, untilMs } = outcome.value;
      return { kind: 'granted', heightMax, streamsMax, untilMs };
    }
    // An answer of neither kind is one of a newer release: nothing that it says is a grant.
    const { because = 'not_permitted', lifts = [], liftsAtMs = 0, limit = 0 } = outcome.case === 'refused' ? outcome.value : {};
    return { ...refused(refusalOf(because) ?? 'not_permitted', NOT_ALLOWED), lifts, liftsAtMs, limit };
  };
}

const NOT_ALLOWED = 'This title cannot be played with this account at the moment.';
