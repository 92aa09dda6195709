import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Link } from '../design/link.tsx';
import { useHouse, useWho } from '../member/member-context.tsx';
import { ProfilePicture } from '../profiles/profile-picture.tsx';
import { pathOf } from '../router.ts';
import { text } from '../texts.ts';

/** Who is watching, and the ways to what is theirs; for visitors the way in. Nothing in a service without accounts. */
export function MemberMenu(): ReactNode {
  const { settings } = useHouse();
  const who = useWho();
  if (settings.members === 'none' || who.kind === 'opening' || who.kind === 'unreachable') return null;
  if (who.kind === 'visitor')
    return (
      <Link to={pathOf.signIn} className="button masthead-way-in">
        {text('nav.signIn')}
      </Link>
    );
  return <Menu picture={who.profile?.picture ?? ''} name={who.profile?.name ?? text('nav.menu')} isKids={who.profile?.isKids ?? false} />;
}

function Menu({ picture, name, isKids }: { picture: string; name: string; isKids: boolean }): ReactNode {
  const { session } = useHouse();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return undefined;
    const leaving = new AbortController();
    const { signal } = leaving;
    const close = (): void => setOpen(false);
    document.addEventListener(
      'pointerdown',
      ({ target }) => target instanceof Node && place.current?.contains(target) === false && close(),
      {
        signal,
      },
    );
    document.addEventListener('focusin', ({ target }) => target instanceof Node && place.current?.contains(target) === false && close(), {
      signal,
    });
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        close();
        opener.current?.focus();
      },
      { signal },
    );
    return () => leaving.abort();
  }, [isOpen]);
  return (
    <div className="member-menu" ref={place}>
      <button
        ref={opener}
        type="button"
        className="member-menu-opener"
        aria-label={name}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <ProfilePicture picture={picture} />
      </button>
      <ul id={id} className="member-menu-list" hidden={!isOpen}>
        <li>
          <Link to={pathOf.profiles}>{text('nav.profiles')}</Link>
        </li>
        {isKids ? null : (
          <li>
            <Link to={pathOf.account}>{text('nav.account')}</Link>
          </li>
        )}
        {isKids ? null : (
          <li>
            {/* Offline nobody is signed out: the cookie is the service's to take back. */}
            <button type="button" onClick={() => void session.ask('sign-out').catch(() => undefined)}>
              {text('nav.signOut')}
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}
