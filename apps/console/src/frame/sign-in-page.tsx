import type { ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { texts } from '../texts.ts';
import { CredentialsForm } from './credentials-form.tsx';
import { EntranceFrame } from './entrance-frame.tsx';

export function SignInPage({ doors }: { doors: Pick<Doors, 'door' | 'session'> }): ReactNode {
  return (
    <EntranceFrame name={texts.signIn.title}>
      <p className="quiet">{texts.signIn.intro}</p>
      <CredentialsForm
        words={texts.signIn}
        passwordIs="current-password"
        enter={(credentials) => doors.door.signIn(credentials)}
        entered={(entrance) => doors.session.enter(entrance)}
      />
    </EntranceFrame>
  );
}
