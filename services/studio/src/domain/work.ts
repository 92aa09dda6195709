import type { EncodePlan } from '../media/index.ts';

/** What a person said about the film they uploaded. */
export type FilmDetails = {
  readonly name: string;
  readonly synopsis: string;
  readonly year: number;
  readonly credit: string;
  readonly licence: string;
  readonly sourceUrl: string;
};

/** The history of one upload's preparation; the type of each is that of its stream event. */
export type WorkEvent =
  | { readonly type: 'imported'; readonly titleId: string; readonly details: FilmDetails; readonly bytes: number; readonly atMs: number }
  /** The film was accepted and the source kept; all that follows is a function of the plan. */
  | { readonly type: 'planned'; readonly plan: EncodePlan; readonly atMs: number }
  | { readonly type: 'refused'; readonly code: string; readonly message: string; readonly atMs: number }
  | { readonly type: 'published'; readonly editionId: string; readonly complete: boolean; readonly atMs: number }
  | { readonly type: 'failed'; readonly step: string; readonly message: string; readonly atMs: number }
  | { readonly type: 'retried'; readonly atMs: number }
  | { readonly type: 'removed'; readonly atMs: number };

export type WorkPhase = 'running' | 'done' | 'refused' | 'failed' | 'removed';

export type Work = {
  readonly id: string;
  readonly titleId: string;
  readonly details: FilmDetails;
  readonly phase: WorkPhase;
  readonly plan: EncodePlan | null;
  /** Why it was refused or failed; empty otherwise. */
  readonly reason: string;
  readonly reasonCode: string;
  readonly editionIds: readonly string[];
  readonly startedAtMs: number;
  readonly playableAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Number of events. */
  readonly version: number;
};

/** Null for a stream that was never imported. */
export function foldWork(id: string, events: readonly WorkEvent[]): Work | null {
  return events.reduce<Work | null>(
    (work, event) => (work === null ? begin(id, event) : { ...applied(work, event), version: work.version + 1 }),
    null,
  );
}

function begin(id: string, event: WorkEvent): Work | null {
  if (event.type !== 'imported') return null;
  const { titleId, details, atMs } = event;
  return { ...NEW_WORK, id, titleId, details, startedAtMs: atMs, version: 1 };
}

const NEW_WORK = { phase: 'running', plan: null, reason: '', reasonCode: '', editionIds: [], playableAtMs: null, endedAtMs: null } as const;

function applied(work: Work, event: WorkEvent): Work {
  switch (event.type) {
    case 'imported':
      return work;
    case 'planned':
      return { ...work, plan: event.plan };
    case 'refused':
      return { ...work, phase: 'refused', reason: event.message, reasonCode: event.code, endedAtMs: event.atMs };
    case 'published':
      return {
        ...work,
        editionIds: [...new Set([...work.editionIds, event.editionId])],
        playableAtMs: work.playableAtMs ?? event.atMs,
        ...(event.complete ? { phase: 'done', endedAtMs: event.atMs } : {}),
      };
    case 'failed':
      return { ...work, phase: 'failed', reason: event.message, reasonCode: event.step, endedAtMs: event.atMs };
    case 'retried':
      return { ...work, phase: 'running', reason: '', reasonCode: '', endedAtMs: null };
    case 'removed':
      return { ...work, phase: 'removed', endedAtMs: event.atMs };
    default:
      return event satisfies never;
  }
}

/** The name under which a work's title is known: short enough for an address. */
export function titleIdOf(workId: string): string {
  return workId.slice(0, 16);
}

/** The edition with the lowest rungs, and the one with all. */
export function editionIdOf(workId: string, complete: boolean): string {
  return `${workId}-${complete ? 'full' : 'first'}`;
}
