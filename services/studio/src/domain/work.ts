import type { WorkEvent } from './events.ts';

export type GroupName = 'low' | 'high';
export type WorkState = 'running' | 'done' | 'refused' | 'failed' | 'removed';
export type Group = { readonly name: GroupName; readonly rungs: readonly string[] };

/** What has to be made, as far as deciding the next step needs it. */
export type Outline = { readonly groups: readonly Group[]; readonly chunks: number; readonly audio: readonly string[] };
export type Published = { readonly group: GroupName; readonly editionId: string };

/** One film on its way in: the fold of its events. */
export type Work = {
  readonly id: string;
  readonly name: string;
  readonly state: WorkState;
  readonly outline: Outline | null;
  readonly stored: boolean;
  readonly chunksDone: Readonly<Record<GroupName, readonly number[]>>;
  readonly audioDone: readonly string[];
  readonly packaged: readonly Published[];
  readonly published: readonly Published[];
  readonly released: readonly string[];
  /** The catalogue knows of the refusal or failure. */
  readonly reported: boolean;
  readonly cleaned: boolean;
  /** Of the step that failed, while `state` is failed. */
  readonly failedJob: string | null;
  readonly reason: string;
  readonly reasonCode: string;
  readonly retries: number;
  readonly startedAtMs: number;
  readonly playableAtMs: number;
  readonly endedAtMs: number;
};

export function newWork(id: string): Work {
  return {
    id,
    name: '',
    state: 'running',
    outline: null,
    stored: false,
    chunksDone: { low: [], high: [] },
    audioDone: [],
    packaged: [],
    published: [],
    released: [],
    reported: false,
    cleaned: false,
    failedJob: null,
    reason: '',
    reasonCode: '',
    retries: 0,
    startedAtMs: 0,
    playableAtMs: 0,
    endedAtMs: 0,
  };
}

export function apply(work: Work, event: WorkEvent, atMs: number): Work {
  switch (event.type) {
    case 'imported':
      return { ...work, name: event.name, startedAtMs: atMs };
    case 'inspected':
      return { ...work, outline: event.outline };
    case 'stored':
      return { ...work, stored: true };
    case 'chunk_encoded':
      return { ...work, chunksDone: { ...work.chunksDone, [event.group]: [...work.chunksDone[event.group], event.chunk] } };
    case 'audio_encoded':
      return { ...work, audioDone: [...work.audioDone, event.track] };
    case 'packaged':
      return { ...work, packaged: [...work.packaged, event] };
    case 'published':
      return published({ ...work, published: [...work.published, event], playableAtMs: work.playableAtMs || atMs }, atMs);
    case 'released':
      return { ...work, released: [...work.released, event.editionId] };
    case 'refused':
      return { ...work, state: 'refused', reason: event.reason, reasonCode: event.code, endedAtMs: atMs };
    case 'failed':
      return { ...work, state: 'failed', reason: event.reason, reasonCode: '', failedJob: event.jobId, endedAtMs: atMs };
    case 'retried':
      return { ...work, state: 'running', reason: '', failedJob: null, reported: false, retries: work.retries + 1, endedAtMs: 0 };
    case 'reported':
      return { ...work, reported: true };
    case 'removed':
      return { ...work, state: 'removed', cleaned: false, endedAtMs: atMs };
    case 'cleaned':
      return { ...work, cleaned: true };
    default:
      return event satisfies never;
  }
}

function published(work: Work, atMs: number): Work {
  const isLast = work.published.length === (work.outline?.groups.length ?? 0);
  return isLast ? { ...work, state: 'done', endedAtMs: atMs } : work;
}
