import { textProblems } from './description.ts';
import type { PersonNames } from './person.ts';

const NAME_CHARACTERS_MAX = 200;
/** A spelling for each script, and a few stage names. */
const OTHER_NAMES_MAX = 20;

export type NamesVerdict =
  | { readonly kind: 'names'; readonly names: PersonNames }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Trims and checks a person's names; every problem at once. */
export function readNames(given: PersonNames): NamesVerdict {
  const name = given.name.trim();
  const otherNames = [...new Set(given.otherNames.map((each) => each.trim()))].filter((each) => each !== '' && each !== name);
  const problems = [
    ...(name === '' ? ['name is empty'] : []),
    ...textProblems('name', name, NAME_CHARACTERS_MAX),
    ...otherNames.flatMap((each) => textProblems('other_names', each, NAME_CHARACTERS_MAX)),
    ...(otherNames.length > OTHER_NAMES_MAX ? [`other_names are ${otherNames.length}; at most ${OTHER_NAMES_MAX} are taken`] : []),
  ];
  return problems.length === 0 ? { kind: 'names', names: { name, otherNames } } : { kind: 'refused', problems };
}
