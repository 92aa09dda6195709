import type { AccessParts } from './handlers/context.ts';
import type { AskedTitle } from './handlers/requests.ts';
import { FALLBACKS, weigh, type ActionName } from './domain/fallbacks.ts';
import type { TitleInQuestion } from './domain/question.ts';
import type { Asker } from './domain/signals.ts';
import type { LearnedOfViewer } from './domain/viewer.ts';

type Sources = Pick<AccessParts, 'entitlements' | 'households' | 'devices' | 'titles' | 'nowMs' | 'config'>;
type Patience = { readonly deadlineAtMs: number };

/** Of the caller's time this is left for the decision and its way back. */
const ANSWER_MS = 50;

/** Asks for what the action looks at and nothing else. Of visitors there is nothing to ask. */
export async function gatherViewer(
  sources: Sources,
  action: ActionName,
  { accountId, deviceId }: Asker,
  patience: Patience,
): Promise<LearnedOfViewer> {
  if (accountId === '') return { entitlement: null, household: null, devices: null };
  const waitMs = waitMsMax(sources, patience);
  const { membership, profile, account } = FALLBACKS[action];
  // How many devices hold downloads, their owner says when it asks.
  const isByDevice = action === 'play' && deviceId !== '';
  const [entitlement, household, devices] = await Promise.all([
    membership === undefined ? null : sources.entitlements.of(accountId, waitMs),
    profile === undefined && account === undefined ? null : sources.households.of(accountId, waitMs),
    isByDevice ? sources.devices.of({ accountId, deviceId }, waitMs) : null,
  ]);
  return { entitlement, household, devices };
}

/** Facts that the caller gave are taken as they are: callers are our own units. */
export async function gatherTitles(
  sources: Sources,
  action: ActionName,
  { accountId }: Asker,
  titles: readonly AskedTitle[],
  patience: Patience,
): Promise<readonly TitleInQuestion[]> {
  const wanted = accountId === '' ? [] : titles.filter(({ facts }) => facts === null).map(({ id }) => id);
  const learned = wanted.length === 0 ? null : await sources.titles.of(wanted, waitMsMax(sources, patience));
  const nowMs = sources.nowMs();
  return titles.map(({ id, facts }) =>
    facts === null
      ? { id, facts: weigh(learned?.get(id) ?? null, FALLBACKS[action].title, { nowMs, isBad: (found) => found === null }) }
      : { id, facts: { confidence: 'fresh', value: facts, learnedAtMs: nowMs } },
  );
}

function waitMsMax({ nowMs, config }: Sources, { deadlineAtMs }: Patience): number {
  return Math.max(0, Math.min(config.sourceDeadlineMs, deadlineAtMs - nowMs() - ANSWER_MS));
}
