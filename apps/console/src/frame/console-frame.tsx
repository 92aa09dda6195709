import type { ReactNode } from 'react';
import { Link } from '../design/link.tsx';
import { pathOf, type Route } from '../router.ts';
import { texts } from '../texts.ts';
import type { Uploads } from '../upload/open-queue.ts';
import { UploadsNote } from '../upload/uploads-note.tsx';

const SECTIONS = ['films', 'members', 'live', 'regions', 'appliances', 'mail'] as const;
type Section = (typeof SECTIONS)[number];

type FrameProps = { route: Route; uploads: Uploads; signOut: () => void; children: ReactNode };

/** The house around every page of somebody who is signed in. */
export function ConsoleFrame({ route, uploads, signOut, children }: FrameProps): ReactNode {
  const here = sectionOf(route);
  return (
    <div className="console">
      <a className="skip-link" href="#content">
        {texts.skipToContent}
      </a>
      <header className="rail">
        <p className="wordmark">
          {texts.appName} <span>{texts.console}</span>
        </p>
        <nav aria-label={texts.navigation}>
          <ul>
            {SECTIONS.map((section) => (
              <li key={section}>
                <Link to={pathOf[section]} current={section === here}>
                  {texts.sections[section]}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <UploadsNote uploads={uploads} />
        <button type="button" className="button button-quiet" onClick={signOut}>
          {texts.signOut}
        </button>
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function sectionOf(route: Route): Section | null {
  switch (route.kind) {
    case 'films':
    case 'film':
      return 'films';
    case 'members':
    case 'member':
      return 'members';
    case 'live':
    case 'regions':
    case 'appliances':
    case 'mail':
      return route.kind;
    case 'welcome':
    case 'not_found':
      return null;
    default:
      return route satisfies never;
  }
}
