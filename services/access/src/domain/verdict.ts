import { REFUSALS, type Lift, type Offer, type Refusal, type SignalName } from '../../contract/index.ts';
import { FALLBACKS } from './fallbacks.ts';
import { earliest, offerIn } from './offer.ts';
import { heightMaxNow } from './policy-request.ts';
import type { Question } from './question.ts';
import type { Viewer } from './viewer.ts';

/** What the policies say of a request. */
export type Judgement = {
  readonly isPermitted: boolean;
  /** Ids of the policies that determined it. */
  readonly policies: readonly string[];
  readonly errors: readonly { readonly policyId: string; readonly message: string }[];
};

/** What a forbidding policy stands for. */
export type Reason = { readonly because: Refusal; readonly lifts: readonly Lift[] };

export type Verdict =
  | {
      readonly kind: 'granted';
      readonly heightMax: number;
      readonly streamsMax: number;
      readonly downloadDevicesMax: number;
      readonly untilMs: number;
      readonly offers: readonly Offer[];
      readonly without: readonly SignalName[];
    }
  | {
      readonly kind: 'refused';
      readonly because: Refusal;
      readonly lifts: readonly Lift[];
      readonly also: readonly Refusal[];
      readonly liftsAtMs: number;
      /** How many the plan has, of what there are too many; 0 where the reason is no number. */
      readonly limit: number;
      readonly without: readonly SignalName[];
    };

/** A grant is asked for again within the life of a segment token: who may no longer watch stops within that time. */
const GRANT_MS_MAX = 600_000;
/** Sooner when a source did not answer. */
const GRANT_WITHOUT_MS_MAX = 60_000;

/** Turns what the policies say into an answer. A policy that could not be evaluated refuses: a forbid that is passed over must not become a permit. */
export function verdictOf(
  { viewer, question, nowMs }: { readonly viewer: Viewer; readonly question: Question; readonly nowMs: number },
  { isPermitted, policies, errors }: Judgement,
  reasonOf: (policyId: string) => Reason | undefined,
): Verdict {
  const without = signalsMissing(viewer, question);
  if (!isPermitted || errors.length > 0) {
    const reasons = policies.flatMap((id) => reasonOf(id) ?? []).sort(byOrder);
    const [first = NOT_PERMITTED, ...others] = reasons;
    const also = [...new Set(others.map(({ because }) => because))].filter((because) => because !== first.because);
    const { because } = first;
    const liftsAtMs = liftsAt(because, viewer, question, nowMs);
    return { kind: 'refused', ...first, also, liftsAtMs, limit: limitOf(because, viewer, question), without };
  }
  return { kind: 'granted', ...boundsOf(viewer, question), untilMs: untilOf(viewer, question, nowMs, without), without };
}

/** Which signals that the action looks at were not fresh. Counts are the caller's, and no source of ours. */
export function signalsMissing(
  { asker, membership, profile, account, device, country }: Viewer,
  question: Question,
): readonly SignalName[] {
  if (asker.accountId === '') return [];
  const table = FALLBACKS[question.action];
  const missing: SignalName[] = [];
  if (table.membership !== undefined && membership.confidence !== 'fresh') missing.push('membership');
  if (table.profile !== undefined && asker.profileId !== '' && profile.confidence !== 'fresh') missing.push('profile');
  if (table.account !== undefined && account.confidence !== 'fresh') missing.push('account');
  if ('title' in question && question.title.facts.confidence !== 'fresh') missing.push('title');
  if (table.country !== undefined && country === '') missing.push('country');
  if (question.action === 'play' && device.confidence !== 'fresh') missing.push('devices');
  return missing;
}

const NOT_PERMITTED: Reason = { because: 'not_permitted', lifts: [] };

function byOrder(one: Reason, other: Reason): number {
  return REFUSALS.indexOf(one.because) - REFUSALS.indexOf(other.because);
}

function liftsAt(because: Refusal, viewer: Viewer, question: Question, nowMs: number): number {
  return because === 'not_yet_offered' ? offerChangesAt(viewer, question, nowMs) : 0;
}

function limitOf(because: Refusal, { membership }: Viewer, { action }: Question): number {
  if (membership.confidence === 'unknown') return 0;
  const { streamsMax, devicesMax, downloadDevicesMax } = membership.value;
  if (because === 'stream_limit') return streamsMax;
  if (because !== 'device_limit') return 0;
  return action === 'play' ? devicesMax : downloadDevicesMax;
}

function boundsOf(
  { membership }: Viewer,
  question: Question,
): { heightMax: number; streamsMax: number; downloadDevicesMax: number; offers: readonly Offer[] } {
  const isWatching = question.action === 'play' || question.action === 'download';
  if (!isWatching || membership.confidence === 'unknown') return { heightMax: 0, streamsMax: 0, downloadDevicesMax: 0, offers: [] };
  const { facts } = question.title;
  const highest = facts.confidence === 'unknown' ? 0 : (facts.value?.heightMax ?? 0);
  const { heightMax: planHeightMax, streamsMax, downloadDevicesMax } = membership.value;
  const heightMax = heightMaxNow(membership);
  const offers: Offer[] = [];
  if (highest > heightMax && planHeightMax > heightMax) offers.push('try_again');
  if (highest > planHeightMax) offers.push('choose_higher_plan');
  return question.action === 'play'
    ? { heightMax, streamsMax, downloadDevicesMax: 0, offers }
    : { heightMax, streamsMax: 0, downloadDevicesMax, offers };
}

function untilOf(viewer: Viewer, question: Question, nowMs: number, without: readonly SignalName[]): number {
  const { membership } = viewer;
  const isSourceMissing = without.some((signal) => signal !== 'country');
  const ends = [membership.confidence === 'unknown' ? 0 : membership.value.changesAtMs, offerChangesAt(viewer, question, nowMs)];
  // A time that has passed, by a clock that differs from ours, is no bound.
  return earliest([nowMs + (isSourceMissing ? GRANT_WITHOUT_MS_MAX : GRANT_MS_MAX), ...ends.filter((end) => end > nowMs)]);
}

function offerChangesAt({ country }: Viewer, question: Question, nowMs: number): number {
  if (!('title' in question) || question.title.facts.confidence === 'unknown' || question.title.facts.value === null) return 0;
  return offerIn(question.title.facts.value.windows, { country, atMs: nowMs }).changesAtMs;
}
