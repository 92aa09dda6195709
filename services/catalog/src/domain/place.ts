import type { TitleRecord } from './title.ts';

/** More than any series has, and far enough apart for the order of a listing. */
const NUMBER_MAX = 99_999;

/** Why a season or an episode cannot stand there; null when it can. */
export function placeProblem(
  { kind, parentId, number }: { readonly kind: 'season' | 'episode'; readonly parentId: string; readonly number: number },
  known: { readonly titleId: string; readonly parent: TitleRecord | null; readonly siblings: readonly TitleRecord[] },
): string | null {
  const wanted = kind === 'season' ? 'series' : 'season';
  if (known.parent?.kind !== wanted) return `there is no ${wanted} ${parentId}`;
  if (!(Number.isInteger(number) && number >= 1 && number <= NUMBER_MAX)) return `number is ${number}; 1 to ${NUMBER_MAX} are wanted`;
  const holder = known.siblings.find((sibling) => sibling.number === number && sibling.id !== known.titleId);
  return holder === undefined ? null : `${kind} ${number} of ${wanted} ${parentId} is ${holder.id} already`;
}
