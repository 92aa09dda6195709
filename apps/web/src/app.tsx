import { Fragment, lazy, Suspense, useMemo, type ReactNode } from 'react';
import { randomId } from './api/random-id.ts';
import { NotFoundPage } from './catalogue/not-found-page.tsx';
import { useSpatialFocus } from './focus/use-spatial-focus.ts';
import { OpeningPage, UnreachablePage } from './frame/opening-page.tsx';
import { HomePage } from './home/home-page.tsx';
import { LanguageChoice } from './language/language-choice.tsx';
import { useLanguage } from './language/language-store.ts';
import { admit } from './member/guard.ts';
import { useHouse, useWho } from './member/member-context.tsx';
import { audienceOf } from './member/session.ts';
import { useProfileLanguage } from './member/use-profile-language.ts';
import { parseRoute, usePath, type Route } from './router.ts';
import { viewerIdOf } from './session/viewer.ts';
import { TitlePage } from './title/title-page.tsx';

// The player library is ten times the rest of the app, and who browses needs neither forms nor settings: each part comes when it is wanted.
const WatchPage = lazy(() => import('./player/watch-page.tsx'));
const OpenHomePage = lazy(async () => ({ default: (await import('./catalogue/home-page.tsx')).HomePage }));
const OpenTitlePage = lazy(async () => ({ default: (await import('./catalogue/title-page.tsx')).TitlePage }));
const SearchPage = lazy(() => import('./search/search-page.tsx'));
const MyListPage = lazy(() => import('./list/my-list-page.tsx'));
const PersonPage = lazy(() => import('./person/person-page.tsx'));
const SignInPage = lazy(() => import('./sign-in/sign-in-page.tsx'));
const ProfilesPage = lazy(() => import('./profiles/profiles-page.tsx'));

/** The parts that are there on every page, and the page that is at the address for who sits here. */
export function App(): ReactNode {
  const { languages, settings } = useHouse();
  const who = useWho();
  const path = usePath();
  const route = useMemo(() => parseRoute(path), [path]);
  const spoken = useLanguage(languages);
  useProfileLanguage();
  useSpatialFocus();
  const admission = admit(route, who, settings.members);
  return (
    <>
      {/* Drawn anew in another language and for another profile: no part has to listen for itself. */}
      <Fragment key={`${spoken} ${audienceOf(who)}`}>
        <Suspense fallback={<OpeningPage />}>
          <Admitted route={route} admission={admission} />
        </Suspense>
      </Fragment>
      {route.kind === 'watch' ? null : (
        <footer className="page-foot">
          <LanguageChoice store={languages} />
        </footer>
      )}
    </>
  );
}

function Admitted({ route, admission }: { route: Route; admission: ReturnType<typeof admit> }): ReactNode {
  switch (admission) {
    case 'page':
      return <Page route={route} />;
    case 'landing':
    case 'sign_in':
      return <SignInPage />;
    case 'choose_profile':
      return <ProfilesPage />;
    case 'opening':
      return <OpeningPage />;
    case 'unreachable':
      return <UnreachablePage />;
    case 'not_found':
      return <NotFoundPage />;
    default:
      return admission satisfies never;
  }
}

function Page({ route }: { route: Route }): ReactNode {
  const { doors, settings } = useHouse();
  const viewerId = useMemo(() => viewerIdOf(window.localStorage, randomId), []);
  const isOpen = settings.members === 'none';
  switch (route.kind) {
    case 'home':
      return isOpen ? <OpenHomePage doors={doors} viewerId={viewerId} /> : <HomePage />;
    case 'title':
      return isOpen ? (
        <OpenTitlePage key={route.titleId} doors={doors} viewerId={viewerId} titleId={route.titleId} />
      ) : (
        <TitlePage key={route.titleId} titleId={route.titleId} />
      );
    case 'watch':
      return <WatchPage key={route.titleId} doors={doors} viewerId={viewerId} titleId={route.titleId} />;
    case 'search':
      return <SearchPage />;
    case 'my_list':
      return <MyListPage />;
    case 'person':
      return <PersonPage key={route.personId} personId={route.personId} />;
    case 'sign_in':
      return <SignInPage />;
    case 'profiles':
      return <ProfilesPage />;
    case 'join':
    case 'verify':
    case 'choose_plan':
    case 'pay':
    case 'reset':
    case 'account':
    case 'change_plan':
    case 'update_card':
    case 'cancel':
    case 'not_found':
      return <NotFoundPage />;
    default:
      return route satisfies never;
  }
}
