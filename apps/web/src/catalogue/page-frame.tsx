import { useEffect, type ReactNode } from 'react';
import { MainMenu } from '../browse/main-menu.tsx';
import { Link } from '../design/link.tsx';
import { MemberMenu } from '../frame/member-menu.tsx';
import { pathOf } from '../router.ts';
import { text } from '../texts.ts';

/** The house around every page but the player: name, way home, content. */
export function PageFrame({ documentTitle, children }: { documentTitle: string; children: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = documentTitle;
  }, [documentTitle]);
  return (
    <>
      <a className="skip-link" href="#content" data-arrows="skip">
        {text('app.skipToContent')}
      </a>
      <header className="masthead">
        <Link to={pathOf.home} className="wordmark">
          <svg viewBox="0 0 40 28" aria-hidden="true">
            <defs>
              <linearGradient id="beam" x1="0" x2="1">
                <stop stopColor="#fff1d8" />
                <stop offset="0.45" stopColor="#ffb95e" />
                <stop offset="1" stopColor="#ff7b5c" stopOpacity="0.15" />
              </linearGradient>
            </defs>
            <path d="M6 14 39 1v26z" fill="url(#beam)" />
            <circle cx="7" cy="14" r="6" fill="#fff7ea" />
          </svg>
          {text('app.name')}
        </Link>
        <MainMenu />
        <MemberMenu />
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
