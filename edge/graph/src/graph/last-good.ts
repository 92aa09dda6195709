import { documents } from '@bioscope/kv';
import type { KvStore } from '@bioscope/kv';

export type KeptGraph = { readonly sha256: string; readonly sdl: string };

/** The last graph that could be used, so that the gateway also starts while the registry is away. */
export type LastGood = { read(): Promise<KeptGraph | null>; keep(graph: KeptGraph): Promise<void> };

const KEY = 'supergraph';

export function lastGood(kv: Pick<KvStore, 'items'>): LastGood {
  const kept = documents(kv.items, { namespace: 'graph_last_good', parse: parseKept });
  return { read: () => kept.get(KEY), keep: (graph) => kept.put(KEY, graph) };
}

function parseKept(json: unknown): KeptGraph {
  if (typeof json !== 'object' || json === null || !('sha256' in json) || !('sdl' in json)) throw new TypeError('this is no kept graph');
  if (typeof json.sha256 !== 'string' || typeof json.sdl !== 'string') throw new TypeError('this is no kept graph');
  return { sha256: json.sha256, sdl: json.sdl };
}
