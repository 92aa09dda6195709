import { Fragment, lazy, Suspense, useMemo, type ReactNode } from 'react';
import { randomId } from './api/random-id.ts';
import { useKidsLook } from './browse/use-kids-look.ts';
import { NotFoundPage } from './catalogue/not-found-page.tsx';
import { useSpatialFocus } from './focus/use-spatial-focus.ts';
import { OpeningPage, UnreachablePage } from './frame/opening-page.tsx';
import { HomePage } from './home/home-page.tsx';
import { LanguageChoice } from './language/language-choice.tsx';
import { useLanguage } from './language/language-store.ts';
import { BehindAccountPin } from './member/behind-account-pin.tsx';
import { admit, isForEverybody } from './member/guard.ts';
import { useHouse, useWho } from './member/member-context.tsx';
import { ConcernBanner } from './membership/concern-banner.tsx';
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
const ResetPage = lazy(() => import('./sign-in/reset-page.tsx'));
const ProfilesPage = lazy(() => import('./profiles/profiles-page.tsx'));
const LandingPage = lazy(() => import('./funnel/landing-page.tsx'));
const JoinPage = lazy(() => import('./funnel/join-page.tsx'));
const VerifyPage = lazy(() => import('./funnel/verify-page.tsx'));
const ChoosePlanPage = lazy(() => import('./funnel/choose-plan-page.tsx'));
const PayPage = lazy(() => import('./funnel/pay-page.tsx'));
const AccountPage = lazy(() => import('./account/account-page.tsx'));
const ChangePlanPage = lazy(() => import('./account/change-plan-page.tsx'));
const UpdateCardPage = lazy(() => import('./account/update-card-page.tsx'));
const CancelPage = lazy(() => import('./account/cancel-page.tsx'));

/** Where it is said that a payment is missing, say. */
const BROWSING: readonly Route['kind'][] = ['home', 'title', 'search', 'my_list', 'person'];

/** The parts that are there on every page, and the page that is at the address for who sits here. */
export function App(): ReactNode {
  const { languages, settings } = useHouse();
  const who = useWho();
  const path = usePath();
  const route = useMemo(() => parseRoute(path), [path]);
  const spoken = useLanguage(languages);
  useProfileLanguage();
  useSpatialFocus();
  useKidsLook();
  const admission = admit(route, who, settings.members);
  return (
    <>
      {/* Drawn anew in another language and for another profile: no part has to listen for itself. */}
      <Fragment key={isForEverybody(route) ? spoken : `${spoken} ${audienceOf(who)}`}>
        <Suspense fallback={<OpeningPage />}>
          <Admitted route={route} admission={admission} />
        </Suspense>
        {admission === 'page' && BROWSING.includes(route.kind) ? <ConcernBanner /> : null}
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
      return <LandingPage />;
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
    case 'reset':
      return <ResetPage />;
    case 'join':
      return <JoinPage />;
    case 'verify':
      return <VerifyPage />;
    case 'choose_plan':
      return <ChoosePlanPage />;
    case 'pay':
      return <PayPage key={route.planId} planId={route.planId} />;
    case 'account':
      return (
        <BehindAccountPin>
          <AccountPage />
        </BehindAccountPin>
      );
    case 'change_plan':
      return (
        <BehindAccountPin>
          <ChangePlanPage />
        </BehindAccountPin>
      );
    case 'update_card':
      return (
        <BehindAccountPin>
          <UpdateCardPage />
        </BehindAccountPin>
      );
    case 'cancel':
      return (
        <BehindAccountPin>
          <CancelPage />
        </BehindAccountPin>
      );
    case 'not_found':
      return <NotFoundPage />;
    default:
      return route satisfies never;
  }
}
