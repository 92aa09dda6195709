import type { WorkView } from '../domain/work-view.ts';
import type { StudioParts } from '../parts.ts';
import type { Shelf } from '../shelf.ts';
import { shown } from './show-work.ts';

/** Works of all films that were not removed, newest first; more than a person reads through. */
const WORKS_MAX = 500;

export function listWork(parts: Pick<StudioParts, 'board'>, shelf: Shelf): { work: WorkView[] } {
  const works = [...shelf.values()].filter(({ work }) => work.state !== 'removed');
  works.sort((one, other) => other.work.startedAtMs - one.work.startedAtMs);
  return { work: works.slice(0, WORKS_MAX).map((loaded) => shown(parts, loaded)) };
}
