import type { ReactNode } from 'react';
import { Icon, type IconName } from '../design/icon.tsx';
import { Link } from '../design/link.tsx';
import { useWho } from '../member/member-context.tsx';
import { parseRoute, pathOf, usePath, type Route } from '../router.ts';
import { text } from '../texts.ts';

/** The ways to what there is to watch, for a profile. On a phone they are at the foot of the screen, where the thumb is. */
export function MainMenu(): ReactNode {
  const who = useWho();
  const here = parseRoute(usePath()).kind;
  if (who.kind !== 'member' || who.profile === null) return null;
  return (
    <nav className="main-menu" aria-label={text('nav.main')}>
      <Place kind="home" here={here} to={pathOf.home} icon="home" name={text('nav.home')} />
      <Place kind="my_list" here={here} to={pathOf.myList} icon="list" name={text('nav.myList')} />
      <Place kind="search" here={here} to={pathOf.search} icon="search" name={text('nav.search')} />
    </nav>
  );
}

type PlaceProps = { kind: Route['kind']; here: Route['kind']; to: string; icon: IconName; name: string };

function Place({ kind, here, to, icon, name }: PlaceProps): ReactNode {
  return (
    <Link to={to} className="main-menu-place" current={kind === here}>
      <Icon name={icon} />
      <span>{name}</span>
    </Link>
  );
}
