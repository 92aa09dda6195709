import { useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import type { Doors } from './api/doors.ts';
import { AppliancesPage } from './appliances/appliances-page.tsx';
import { Trouble } from './design/trouble.tsx';
import { FilmPage } from './films/film-page.tsx';
import { FilmsPage } from './films/films-page.tsx';
import { ConsoleFrame } from './frame/console-frame.tsx';
import { EntranceFrame } from './frame/entrance-frame.tsx';
import { Page } from './frame/page.tsx';
import { SignInPage } from './frame/sign-in-page.tsx';
import { WelcomePage } from './frame/welcome-page.tsx';
import { LivePage } from './live/live-page.tsx';
import { MailPage } from './mail/mail-page.tsx';
import { MemberPage } from './members/member-page.tsx';
import { MembersPage } from './members/members-page.tsx';
import { RegionsPage } from './regions/regions-page.tsx';
import { parseRoute, usePath, type Route } from './router.ts';
import { texts } from './texts.ts';
import type { Uploads } from './upload/open-queue.ts';

type AppProps = { doors: Doors; uploads: Uploads };

export function App({ doors, uploads }: AppProps): ReactNode {
  const path = usePath();
  const route = useMemo(() => parseRoute(path), [path]);
  const { session } = doors;
  const state = useSyncExternalStore(session.subscribe, session.state);
  const isWelcome = route.kind === 'welcome';
  useEffect(() => {
    if (!isWelcome) void session.open();
  }, [session, isWelcome]);

  if (isWelcome) return <WelcomePage doors={doors} />;
  switch (state.kind) {
    case 'opening':
      return <p className="visually-hidden">{texts.loading}</p>;
    case 'closed':
      return (
        <EntranceFrame name={texts.signIn.closed}>
          <Trouble error={state.error} retry={() => void session.open()} />
        </EntranceFrame>
      );
    case 'signed_out':
      return <SignInPage doors={doors} />;
    case 'signed_in':
      return (
        <ConsoleFrame route={route} uploads={uploads} signOut={() => void session.signOut()}>
          <Content route={route} doors={doors} uploads={uploads} />
        </ConsoleFrame>
      );
    default:
      return state satisfies never;
  }
}

function Content({ route, doors, uploads }: AppProps & { route: Route }): ReactNode {
  switch (route.kind) {
    case 'films':
      return <FilmsPage doors={doors} uploads={uploads} />;
    case 'film':
      return <FilmPage key={route.titleId} doors={doors} titleId={route.titleId} />;
    case 'members':
      return <MembersPage doors={doors} />;
    case 'member':
      return <MemberPage key={route.accountId} doors={doors} accountId={route.accountId} />;
    case 'live':
      return <LivePage doors={doors} />;
    case 'regions':
      return <RegionsPage doors={doors} />;
    case 'appliances':
      return <AppliancesPage doors={doors} />;
    case 'mail':
      return <MailPage doors={doors} />;
    case 'welcome':
    case 'not_found':
      return (
        <Page name={texts.notFound.title}>
          <p>{texts.notFound.text}</p>
        </Page>
      );
    default:
      return route satisfies never;
  }
}
