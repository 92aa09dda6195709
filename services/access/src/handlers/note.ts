import type { Passport } from '@bioscope/passport';

import type { DecisionRecord, SignalName } from '../../contract/index.ts';
import { outcomeOf } from '../domain/batch.ts';
import type { ActionName } from '../domain/fallbacks.ts';
import type { Judged } from '../judge.ts';
import type { AccessParts } from './context.ts';
import type { Asked } from './requests.ts';

export type NotedCall = { readonly caller: string; readonly requestId: string };
type Notes = Pick<AccessParts, 'decisions' | 'book' | 'config' | 'nowMs' | 'chance' | 'count'>;
type WhoAsked = { readonly passport: Passport; readonly call: NotedCall };

/** Counts a decision and writes it down: refusals always, of grants one in so many. */
export function note(notes: Notes, { asked, verdict, judgement, ...who }: { readonly asked: Asked } & Judged & WhoAsked): void {
  const isGranted = verdict.kind === 'granted';
  notes.count(asked.action, outcomeOf(verdict));
  if (isGranted && notes.chance() * notes.config.grantsPerRecord >= 1) return;
  write(notes, who, {
    action: asked.action,
    resource: 'title' in asked ? asked.title.id : 'area' in asked ? asked.area : '',
    because: isGranted ? null : verdict.because,
    policies: judgement.policies,
    without: verdict.without,
    standsFor: isGranted ? notes.config.grantsPerRecord : 1,
  });
}

/** One record for all of a batch. */
export function noteBatch(
  notes: Notes,
  batch: {
    readonly action: ActionName;
    readonly counts: Readonly<Record<string, number>>;
    readonly policies: readonly string[];
    readonly without: readonly SignalName[];
  } & WhoAsked,
): void {
  const { action, counts, policies, without } = batch;
  for (const [outcome, by] of Object.entries(counts)) notes.count(action, outcome, by);
  write(notes, batch, { action, resource: '', because: null, counts, policies, without, standsFor: 1 });
}

type Decided = Pick<DecisionRecord, 'action' | 'resource' | 'because' | 'counts' | 'policies' | 'without' | 'standsFor'>;

function write({ decisions, book, nowMs }: Notes, { passport, call }: WhoAsked, decided: Decided): void {
  const { accountId, profileId, deviceId } = passport;
  const { caller, requestId } = call;
  decisions.write({ atMs: nowMs(), requestId, caller, accountId, profileId, deviceId, ...decided, policyVersion: book.version });
}
