import { Fragment, lazy, Suspense, useMemo, type ReactNode } from 'react';
import type { Doors } from './api/doors.ts';
import { HomePage } from './catalogue/home-page.tsx';
import { NotFoundPage } from './catalogue/not-found-page.tsx';
import { TitlePage } from './catalogue/title-page.tsx';
import { LanguageChoice } from './language/language-choice.tsx';
import { useLanguage, type LanguageStore } from './language/language-store.ts';
import { parseRoute, usePath, type Route } from './router.ts';
import { viewerIdOf } from './session/viewer.ts';

// The player library is ten times the rest of the app: only who watches loads it.
const WatchPage = lazy(() => import('./player/watch-page.tsx'));

export function App({ doors, languages }: { doors: Doors; languages: LanguageStore }): ReactNode {
  const path = usePath();
  const route = useMemo(() => parseRoute(path), [path]);
  const viewerId = useMemo(() => viewerIdOf(window.localStorage, newViewerId), []);
  const language = useLanguage(languages);
  return (
    <>
      {/* Drawn anew in another language: no part has to listen for itself. */}
      <Fragment key={language}>
        <Page route={route} doors={doors} viewerId={viewerId} />
      </Fragment>
      {route.kind === 'watch' ? null : (
        <footer className="page-foot">
          <LanguageChoice store={languages} />
        </footer>
      )}
    </>
  );
}

function Page({ route, doors, viewerId }: { route: Route; doors: Doors; viewerId: string }): ReactNode {
  switch (route.kind) {
    case 'home':
      return <HomePage doors={doors} viewerId={viewerId} />;
    case 'title':
      return <TitlePage key={route.titleId} doors={doors} viewerId={viewerId} titleId={route.titleId} />;
    case 'watch':
      return (
        <Suspense fallback={<div className="watch-loading" />}>
          <WatchPage key={route.titleId} doors={doors} viewerId={viewerId} titleId={route.titleId} />
        </Suspense>
      );
    case 'not_found':
      return <NotFoundPage />;
    default:
      return route satisfies never;
  }
}

function newViewerId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
