import type { GroupName, Outline, Work } from './work.ts';

export type Step =
  | { readonly kind: 'inspect' }
  | { readonly kind: 'store' }
  | { readonly kind: 'chunk'; readonly group: GroupName; readonly chunk: number }
  | { readonly kind: 'audio'; readonly track: string }
  | { readonly kind: 'package'; readonly group: GroupName }
  | { readonly kind: 'publish'; readonly group: GroupName }
  | { readonly kind: 'release'; readonly editionId: string }
  | { readonly kind: 'report' }
  | { readonly kind: 'clean' };

/**
 * All steps that may run now, given what has happened; pure, so that a restarted process asks the same. The lowest rungs need not
 * wait for the highest, nor the other way round: what is first is a matter of priority.
 */
export function nextSteps(work: Work): readonly Step[] {
  switch (work.state) {
    case 'running':
      return stepsOfRunning(work);
    case 'done':
      return [...releases(work), ...cleaning(work)];
    case 'failed':
      return reporting(work);
    case 'refused':
      return [...reporting(work), ...cleaning(work)];
    case 'removed':
      return cleaning(work);
    default:
      return work.state satisfies never;
  }
}

function stepsOfRunning(work: Work): readonly Step[] {
  const { outline } = work;
  if (outline === null) return [{ kind: 'inspect' }];
  if (!work.stored) return [{ kind: 'store' }];
  return [...encoding(work, outline), ...delivering(work, outline)];
}

function encoding(work: Work, outline: Outline): readonly Step[] {
  const audio = outline.audio.filter((track) => !work.audioDone.includes(track));
  const chunks = outline.groups.flatMap(({ name: group }) => {
    const done = new Set(work.chunksDone[group]);
    return Array.from({ length: outline.chunks }, (_, chunk) => chunk)
      .filter((chunk) => !done.has(chunk))
      .map((chunk) => ({ kind: 'chunk', group, chunk }) as const);
  });
  return [...audio.map((track) => ({ kind: 'audio', track }) as const), ...chunks];
}

/** Groups are published in their order: each edition holds the rungs of those before. */
function delivering(work: Work, outline: Outline): readonly Step[] {
  const group = outline.groups[work.published.length];
  if (group === undefined || work.audioDone.length < outline.audio.length || work.chunksDone[group.name].length < outline.chunks) return [];
  const isPackaged = work.packaged.some((edition) => edition.group === group.name);
  return [{ kind: isPackaged ? 'publish' : 'package', group: group.name }];
}

function releases(work: Work): readonly Step[] {
  return work.published
    .slice(0, -1)
    .filter(({ editionId }) => !work.released.includes(editionId))
    .map(({ editionId }) => ({ kind: 'release', editionId }));
}

function reporting(work: Work): readonly Step[] {
  return work.reported ? [] : [{ kind: 'report' }];
}

function cleaning(work: Work): readonly Step[] {
  return work.cleaned ? [] : [{ kind: 'clean' }];
}
