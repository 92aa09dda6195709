import { PROFILES_MAX } from '@bioscope/identity/contract';
import { useState, type ReactNode } from 'react';
import { Icon } from '../design/icon.tsx';
import { useTask } from '../design/use-task.ts';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useHouse, useWho } from '../member/member-context.tsx';
import type { Profile } from '../member/session-door.ts';
import { goTo, parseRoute, pathOf } from '../router.ts';
import { identityText, text } from '../texts.ts';
import { PinPage } from './pin-page.tsx';
import { ProfileEditor } from './profile-editor.tsx';
import { ProfilePicture } from './profile-picture.tsx';

type View =
  | { readonly kind: 'choose' }
  | { readonly kind: 'manage' }
  | { readonly kind: 'edit'; readonly profile: Profile | null }
  | { readonly kind: 'locked'; readonly profile: Profile; readonly by: 'profile' | 'account' };

/** Who is watching? And who may. */
export default function ProfilesPage(): ReactNode {
  const { session } = useHouse();
  const who = useWho();
  const [view, setView] = useState<View>({ kind: 'choose' });
  const task = useTask();
  if (who.kind !== 'member') return null;
  const { profiles } = who.account;
  const choose = (profile: Profile, pin = ''): void =>
    task.run(async () => {
      const answer = await session.ask('profile/choose', { profileId: profile.id, pin });
      if (answer.kind === 'refused' && (answer.because === 'pin_needed' || answer.because === 'account_pin_needed')) {
        setView({ kind: 'locked', profile, by: answer.because === 'pin_needed' ? 'profile' : 'account' });
        return undefined;
      }
      if (answer.kind === 'refused') return identityText(answer.because);
      if (parseRoute(window.location.pathname).kind === 'profiles') goTo(pathOf.home, 'replace');
      return undefined;
    });

  if (view.kind === 'locked')
    return (
      <PinPage
        name={view.profile.name}
        by={view.by}
        enter={(pin) => choose(view.profile, pin)}
        task={task}
        back={() => setView({ kind: 'choose' })}
      />
    );
  if (view.kind === 'edit')
    return (
      <ProfileEditor
        profile={view.profile}
        taken={profiles.map(({ picture }) => picture)}
        back={() => setView({ kind: view.profile === null ? 'choose' : 'manage' })}
      />
    );
  const isManaging = view.kind === 'manage';
  const isKid = who.profile?.isKids === true;
  return (
    <QuietPage name={text('profile.documentTitle')} heading={isManaging ? text('profile.manage') : text('profile.choose')} wide>
      <ul className="profiles">
        {profiles.map((profile) => (
          <li key={profile.id}>
            <button type="button" className="profile" onClick={() => (isManaging ? setView({ kind: 'edit', profile }) : choose(profile))}>
              <ProfilePicture picture={profile.picture} />
              <span className="profile-name">
                {isManaging ? <span className="visually-hidden">{text('action.edit')}</span> : null} {profile.name}
              </span>
              {profile.hasPin && !isManaging ? (
                <span className="profile-lock">
                  <Icon name="lock" />
                  <span className="visually-hidden">{text('profile.pin')}</span>
                </span>
              ) : null}
              {profile.isKids ? <span className="badge">{text('profile.kidsBadge')}</span> : null}
            </button>
          </li>
        ))}
        {profiles.length < PROFILES_MAX && !isKid ? (
          <li>
            <button type="button" className="profile" onClick={() => setView({ kind: 'edit', profile: null })}>
              <span className="profile-add">
                <Icon name="plus" />
              </span>
              <span className="profile-name">{text('profile.add')}</span>
            </button>
          </li>
        ) : null}
      </ul>
      {task.problem === undefined ? null : <p role="alert">{task.problem}</p>}
      {isKid ? null : (
        <button type="button" className="button" onClick={() => setView({ kind: isManaging ? 'choose' : 'manage' })}>
          {isManaging ? text('profile.manageDone') : text('profile.manage')}
        </button>
      )}
    </QuietPage>
  );
}
