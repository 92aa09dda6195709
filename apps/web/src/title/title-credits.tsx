import { Fragment, type ReactNode } from 'react';
import { genreName } from '../cards/genre-name.ts';
import { languageName } from '../design/format.ts';
import { Link } from '../design/link.tsx';
import { pathOf } from '../router.ts';
import { language, text } from '../texts.ts';
import { peopleByJob, type Credit, type FullTitle, type Job } from './title-content.ts';

/** Who made it, in which languages it comes, and where it is from. */
export function TitleCredits({ title }: { title: FullTitle }): ReactNode {
  const rows: [string, ReactNode][] = [
    ...peopleByJob(title.people).map(({ job, credits }): [string, ReactNode] => [jobWords(job), <People key={job} credits={credits} />]),
    [text('title.genres'), title.genres.map(genreName).join(', ')],
    [text('title.audio'), namesOf(title.audioLanguages)],
    [text('title.captions'), namesOf(title.textLanguages)],
    [text('title.credit'), title.credit ?? ''],
    [text('title.licence'), title.licence ?? ''],
    [text('title.source'), isWebAddress(title.sourceUrl ?? '') ? <SourceLink url={title.sourceUrl ?? ''} /> : (title.sourceUrl ?? '')],
  ];
  return (
    <dl className="credits">
      {rows
        .filter(([, value]) => value !== '')
        .map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
    </dl>
  );
}

/** As many as a page bears; the rest are in the film's own credits. */
const PEOPLE_SHOWN_MAX = 12;

function People({ credits }: { credits: readonly Credit[] }): ReactNode {
  return credits.slice(0, PEOPLE_SHOWN_MAX).map(({ person, role }, place) => (
    <Fragment key={person.id}>
      {place === 0 ? null : ', '}
      <Link to={pathOf.person(person.id)}>
        {role === null || role === '' ? person.name : text('title.castAs', { person: person.name, role })}
      </Link>
    </Fragment>
  ));
}

function jobWords(job: Job): string {
  switch (job) {
    case 'director':
      return text('title.director');
    case 'writer':
      return text('title.writer');
    case 'composer':
      return text('title.composer');
    case 'cast':
      return text('title.cast');
    default:
      return job satisfies never;
  }
}

function namesOf(tags: readonly string[]): string {
  return tags
    .map((tag) => languageName(tag, language(), ''))
    .filter((name) => name !== '')
    .join(', ');
}

function SourceLink({ url }: { url: string }): ReactNode {
  return (
    <a href={url} rel="noreferrer noopener" target="_blank">
      {new URL(url).host}
    </a>
  );
}

/** The address comes from whoever added the film: only web addresses become links (`javascript:` would run). */
function isWebAddress(address: string): boolean {
  return URL.canParse(address) && ['http:', 'https:'].includes(new URL(address).protocol);
}
