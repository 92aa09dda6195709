import type { Area } from '../../contract/index.ts';
import type { ActionName } from './fallbacks.ts';
import type { Seen, TitleFacts } from './signals.ts';

/** A title to decide about. A null value: the catalog says that there is none. */
export type TitleInQuestion = { readonly id: string; readonly facts: Seen<TitleFacts | null> };

/** What is asked. A null count is not known. */
export type Question =
  | { readonly action: 'browse'; readonly title: TitleInQuestion }
  | { readonly action: 'play'; readonly title: TitleInQuestion; readonly height: number; readonly streamsInUse: number | null }
  | { readonly action: 'download'; readonly title: TitleInQuestion; readonly height: number; readonly devicesInUse: number | null }
  | { readonly action: 'manageAccount' }
  | { readonly action: 'manageProfiles' }
  | { readonly action: 'operate'; readonly area: Area };

export const TITLE_ACTIONS = ['browse', 'play', 'download'] as const satisfies readonly ActionName[];
export type TitleAction = (typeof TITLE_ACTIONS)[number];

export function isTitleAction(action: ActionName): action is TitleAction {
  return TITLE_ACTIONS.some((known) => known === action);
}
