/** A list as somebody reads it to its end; and what one register holds: ids of 64 characters. */
export const LIST_MAX = 500;

/** The titles of a profile's list, in its order. */
export type MyList = readonly string[];

/** The list as it is afterwards (the very same: nothing changes), or why not. */
export type ListDecision =
  | { readonly kind: 'list'; readonly list: MyList }
  | { readonly kind: 'refused'; readonly because: 'full' | 'not_in_list' };

export function decideAdd(list: MyList, titleId: string): ListDecision {
  if (list.includes(titleId)) return { kind: 'list', list };
  return list.length >= LIST_MAX ? { kind: 'refused', because: 'full' } : { kind: 'list', list: [titleId, ...list] };
}

export function decideRemove(list: MyList, titleId: string): ListDecision {
  return { kind: 'list', list: list.includes(titleId) ? list.filter((id) => id !== titleId) : list };
}

/** `beforeId` empty: to the end. */
export function decideMove(list: MyList, titleId: string, beforeId: string): ListDecision {
  if (!list.includes(titleId) || (beforeId !== '' && !list.includes(beforeId))) return { kind: 'refused', because: 'not_in_list' };
  if (titleId === beforeId) return { kind: 'list', list };
  const rest = list.filter((id) => id !== titleId);
  const at = beforeId === '' ? rest.length : rest.indexOf(beforeId);
  const moved = [...rest.slice(0, at), titleId, ...rest.slice(at)];
  return { kind: 'list', list: moved.every((id, index) => id === list[index]) ? list : moved };
}
