import { bytes, documents, follow, utf8 } from '@bioscope/kv';
import type { KvFault, KvStore, StreamEvent } from '@bioscope/kv';
import type { WorkEvent } from './domain/events.ts';
import { apply, newWork } from './domain/work.ts';
import type { Work } from './domain/work.ts';
import type { EncodePlan } from './media/index.ts';

export type Loaded = { readonly work: Work; readonly version: number };
export type StudioStore = ReturnType<typeof studioStore>;

export const WORK_NAMESPACE = 'studio_work';
/** A work's jobs and handlers change it at the same time, a handful at most; more losses in a row mean that something is wrong. */
const CONFLICTS_MAX = 50;
/** Works kept in memory so that only what is new is read. */
const CACHE_MAX = 500;

/** Works are event streams; the plan of each lies beside, for it is large and can be made again from the source. */
export function studioStore(kv: KvStore) {
  const plans = documents<EncodePlan>(kv.items, { namespace: 'studio_plans', parse: asPlan });
  const cache = new Map<string, Loaded>();

  return {
    load,

    /** Appends what `decide` answers for the newest state; null or nothing appends nothing. The same command never appends twice. */
    async change(workId: string, commandId: string, decide: (work: Work | null) => readonly WorkEvent[]): Promise<Loaded | null> {
      for (let conflicts = 0; conflicts < CONFLICTS_MAX; conflicts += 1) {
        const loaded = await load(workId);
        const events = decide(loaded?.work ?? null);
        if (events.length === 0) return loaded;
        const data = events.map(({ type, ...rest }) => ({ type, data: bytes(JSON.stringify(rest)) }));
        const expectedVersion = loaded?.version ?? 0;
        const appended = await kv.streams.append({ namespace: WORK_NAMESPACE, stream: workId, expectedVersion, events: data, commandId });
        if (appended.kind === 'appended') return load(workId);
      }
      throw new Error(`Work ${workId} changed ${CONFLICTS_MAX} times while it was to be changed.`);
    },

    /** Every work there is, kept current: `seen` is called with each after each change, from the beginning on. */
    follow: (seen: (loaded: Loaded) => Promise<void>, onTrouble: (fault: KvFault) => void) =>
      follow(
        kv.streams,
        { namespace: WORK_NAMESPACE, after: null },
        async (events) => {
          for (const workId of new Set(events.map(({ stream }) => stream))) {
            const loaded = await load(workId);
            if (loaded !== null) await seen(loaded);
          }
        },
        { onTrouble },
      ),

    putPlan: (workId: string, plan: EncodePlan) => plans.put(workId, plan),
    getPlan: (workId: string) => plans.get(workId),
    deletePlan: (workId: string) => plans.delete(workId),
  };

  async function load(workId: string): Promise<Loaded | null> {
    let { work, version } = cache.get(workId) ?? { work: newWork(workId), version: 0 };
    for (;;) {
      const page = await kv.streams.read({ namespace: WORK_NAMESPACE, stream: workId, after: version });
      for (const event of page.events) {
        work = apply(work, parseEvent(event), event.recordedAtMs);
        version = event.sequence;
      }
      if (version >= page.version) break;
    }
    if (version === 0) return null;
    keep(workId, { work, version });
    return { work, version };
  }

  function keep(workId: string, loaded: Loaded): void {
    // A slower read must not put an older state over a newer one.
    if ((cache.get(workId)?.version ?? 0) > loaded.version) return;
    cache.delete(workId);
    cache.set(workId, loaded);
    const oldest = cache.keys().next();
    if (cache.size > CACHE_MAX && oldest.done !== true) cache.delete(oldest.value);
  }
}

/** Only this file writes these streams; the type was one of ours when it was written. */
function parseEvent({ type, data }: StreamEvent): WorkEvent {
  return { type, ...(JSON.parse(utf8(data)) as object) } as WorkEvent;
}

function asPlan(json: unknown): EncodePlan {
  if (typeof json === 'object' && json !== null && 'rungs' in json && 'chunks' in json) return json as EncodePlan;
  throw new TypeError('not a plan');
}
