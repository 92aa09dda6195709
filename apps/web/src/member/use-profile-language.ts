import { languageOf } from '@bioscope/strings/contract';
import { useEffect } from 'react';
import { language } from '../texts.ts';
import { useHouse, useWho } from './member-context.tsx';

/** Speaks the language of the profile from the moment it is entered. Who then chooses another one on a page keeps it until the page is loaded anew. */
export function useProfileLanguage(): void {
  const { languages } = useHouse();
  const who = useWho();
  const wanted = who.kind === 'member' ? (who.profile?.language ?? '') : '';
  useEffect(() => {
    const spoken = languageOf(wanted);
    const tag = languages.languages.find((each) => each === wanted) ?? languages.languages.find((each) => each === spoken);
    if (tag === undefined || tag === language()) return;
    // Without its texts the page stays in the language that it has.
    languages.change(tag).catch(() => undefined);
  }, [languages, wanted]);
}
