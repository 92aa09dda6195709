import { useMemo, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { countryNames } from '../countries.ts';
import { typedText } from '../design/typed-text.ts';
import { goTo, pathOf } from '../router.ts';
import { texts } from '../texts.ts';
import { CredentialsForm } from './credentials-form.tsx';
import { EntranceFrame } from './entrance-frame.tsx';

/** Where the link that makes an operator leads. Its secret is after the #, so that it stands in no log. */
export function WelcomePage({ doors }: { doors: Pick<Doors, 'door' | 'session'> }): ReactNode {
  const secret = useMemo(() => window.location.hash.slice(1), []);
  return (
    <EntranceFrame name={texts.welcome.title}>
      {secret === '' ? (
        <p className="trouble" role="alert">
          {texts.welcome.noSecret}
        </p>
      ) : (
        <>
          <p className="quiet">{texts.welcome.intro}</p>
          <CredentialsForm
            words={texts.welcome}
            passwordIs="new-password"
            enter={(credentials, fields) =>
              doors.door.redeemInvite({
                secret,
                ...credentials,
                name: typedText(fields, 'name').trim(),
                country: typedText(fields, 'country'),
                language: window.navigator.language,
              })
            }
            entered={(entrance) => {
              goTo(pathOf.films, 'replace');
              doors.session.enter(entrance);
            }}
          >
            <label>
              {texts.welcome.name}
              <input name="name" autoComplete="name" required maxLength={30} />
            </label>
            <label>
              {texts.welcome.country}
              <select name="country" autoComplete="country" required defaultValue={countryHere()}>
                <option value="">{texts.welcome.chooseCountry}</option>
                {[...countryNames()].map(([code, country]) => (
                  <option key={code} value={code}>
                    {country}
                  </option>
                ))}
              </select>
            </label>
          </CredentialsForm>
        </>
      )}
    </EntranceFrame>
  );
}

/** The region of the browser's language, when it has one: a guess to start from. */
function countryHere(): string {
  try {
    return new Intl.Locale(window.navigator.language).region ?? '';
  } catch {
    return '';
  }
}
