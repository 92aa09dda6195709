import type { Run } from '@bioscope/regions/contract';
import { texts } from '../texts.ts';

/** "Evacuation of region a". */
export function nameOf({ kind, region }: Pick<Run, 'kind' | 'region'>): string {
  const { kind: kinds, runOf } = texts.regions;
  return runOf(kind === 'evacuate' || kind === 'restore' ? kinds[kind] : kind, region);
}
