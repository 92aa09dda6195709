import { JOBS } from '../../contract/genres.ts';
import { textProblems } from './description.ts';
import type { CreditRecord } from './title.ts';

/** What apps show is a dozen; the rest of the credits runs at the end of the film. */
const PEOPLE_MAX = 200;
const ROLE_CHARACTERS_MAX = 100;

export type CreditsVerdict =
  | { readonly kind: 'people'; readonly people: readonly CreditRecord[] }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Checks the people of a title; every problem at once. */
export function readCredits(
  given: readonly { readonly personId: string; readonly job: string; readonly role: string }[],
  isKnown: (personId: string) => boolean,
): CreditsVerdict {
  if (given.length > PEOPLE_MAX) return { kind: 'refused', problems: [`people are ${given.length}; at most ${PEOPLE_MAX} are taken`] };
  const problems: string[] = [];
  const people = given.flatMap((credit, index): CreditRecord[] => {
    const job = JOBS.find((each) => each === credit.job);
    const role = credit.role.trim();
    const wrong = [
      ...(isKnown(credit.personId) ? [] : [`there is no person ${JSON.stringify(credit.personId.slice(0, 80))}`]),
      ...(job === undefined ? [`job is ${JSON.stringify(credit.job.slice(0, 40))}; ${JOBS.join(', ')} are wanted`] : []),
      ...textProblems('role', role, ROLE_CHARACTERS_MAX),
      ...(role !== '' && job !== undefined && job !== 'cast' ? [`role is for the cast, not for a ${job}`] : []),
    ];
    problems.push(...wrong.map((problem) => `people[${index}]: ${problem}`));
    return job === undefined ? [] : [{ personId: credit.personId, job, role }];
  });
  const keys = people.map(({ personId, job, role }) => JSON.stringify([personId, job, role]));
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) problems.push(`people name ${twice} twice`);
  return problems.length === 0 ? { kind: 'people', people } : { kind: 'refused', problems };
}
