import { useState, type ReactNode } from 'react';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { useTask } from '../design/use-task.ts';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useHouse, useWho } from '../member/member-context.tsx';
import type { Profile } from '../member/session-door.ts';
import { goTo, parseRoute, pathOf } from '../router.ts';
import { identityText, text } from '../texts.ts';
import { ProfilePicture } from './profile-picture.tsx';

/** Who is watching? */
export default function ProfilesPage(): ReactNode {
  const { session } = useHouse();
  const who = useWho();
  const [locked, setLocked] = useState<{ profile: Profile; by: 'profile' | 'account' } | null>(null);
  const task = useTask();
  if (who.kind !== 'member') return null;
  const choose = (profile: Profile, pin = ''): void =>
    task.run(async () => {
      const answer = await session.ask('profile/choose', { profileId: profile.id, pin });
      if (answer.kind === 'refused' && (answer.because === 'pin_needed' || answer.because === 'account_pin_needed')) {
        setLocked({ profile, by: answer.because === 'pin_needed' ? 'profile' : 'account' });
        return undefined;
      }
      if (answer.kind === 'refused') return identityText(answer.because);
      if (parseRoute(window.location.pathname).kind === 'profiles') goTo(pathOf.home, 'replace');
      return undefined;
    });
  if (locked !== null) return <PinPage {...locked} enter={(pin) => choose(locked.profile, pin)} task={task} back={() => setLocked(null)} />;
  return (
    <QuietPage name={text('profile.documentTitle')} heading={text('profile.choose')} wide>
      <ul className="profiles">
        {who.account.profiles.map((profile) => (
          <li key={profile.id}>
            <button
              type="button"
              className="profile"
              aria-label={profile.hasPin ? text('profile.locked', { name: profile.name }) : text('profile.open', { name: profile.name })}
              onClick={() => choose(profile)}
            >
              <ProfilePicture picture={profile.picture} />
              <span className="profile-name">{profile.name}</span>
              {profile.isKids ? <span className="badge">{text('profile.kidsBadge')}</span> : null}
            </button>
          </li>
        ))}
      </ul>
      {task.problem === undefined ? null : <p role="alert">{task.problem}</p>}
    </QuietPage>
  );
}

type PinPageProps = {
  profile: Profile;
  by: 'profile' | 'account';
  enter: (pin: string) => void;
  task: { working: boolean; problem: string | undefined };
  back: () => void;
};

function PinPage({ profile, by, enter, task, back }: PinPageProps): ReactNode {
  const [pin, setPin] = useState('');
  const heading = by === 'profile' ? text('pin.profileTitle', { name: profile.name }) : text('pin.accountTitle');
  return (
    <QuietPage name={text('profile.documentTitle')} heading={heading} lead={by === 'account' ? text('pin.accountText') : undefined}>
      <Form
        submit={() => enter(pin)}
        working={task.working}
        problem={task.problem}
        action={text('action.continue')}
        also={
          <button type="button" className="button" onClick={back}>
            {text('action.back')}
          </button>
        }
      >
        <Field
          label={text('profile.pin')}
          type="password"
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          value={pin}
          onChange={setPin}
          digits
          first
        />
      </Form>
    </QuietPage>
  );
}
