import type { Work as WorkMessage } from '../../contract/index.ts';
import type { StudioParts } from '../parts.ts';
import { toMessage, viewWork } from './view-work.ts';

/** All works whose titles still exist, newest first. */
export async function listWork(parts: Pick<StudioParts, 'store' | 'jobs'>): Promise<readonly WorkMessage[]> {
  const messages: WorkMessage[] = [];
  for (const id of await parts.store.ids()) {
    const work = await parts.store.read(id);
    if (work !== null && work.phase !== 'removed') messages.push(toMessage(await viewWork(parts, work)));
  }
  return messages.sort((a, b) => b.startedAtMs - a.startedAtMs);
}
