import { KIDS_MATURITY_MAX, MATURITIES, PICTURES } from '@bioscope/identity/contract';
import { useState, type ReactNode } from 'react';
import { randomId } from '../api/random-id.ts';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { languageName } from '../design/format.ts';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useHouse } from '../member/member-context.tsx';
import type { Profile } from '../member/session-door.ts';
import { useGuardedChange } from '../member/use-guarded-change.tsx';
import { language, text } from '../texts.ts';
import { CHANGE_PROFILE, CREATE_PROFILE, REMOVE_PROFILE, SET_PROFILE_PIN, type ProfileInput } from './operations.ts';
import { ProfilePicture } from './profile-picture.tsx';

const PIN_DIGITS = 4;

/** Makes a profile, or changes one; `taken` are the pictures of the others. */
export function ProfileEditor({
  profile,
  taken,
  back,
}: {
  profile: Profile | null;
  taken: readonly string[];
  back: () => void;
}): ReactNode {
  const { doors, languages } = useHouse();
  const [input, setInput] = useState<ProfileInput>(() => startFrom(profile, taken));
  const [pin, setPin] = useState('');
  const [removesPin, setRemovesPin] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const guarded = useGuardedChange();
  const set = (changed: Partial<ProfileInput>): void => setInput((before) => ({ ...before, ...changed }));

  const save = (): void => {
    const commandId = randomId();
    const made = async () => {
      const { refused, account } =
        profile === null
          ? (await doors.ask(CREATE_PROFILE, { commandId, profile: input })).createProfile
          : (await doors.ask(CHANGE_PROFILE, { commandId, profileId: profile.id, profile: input })).changeProfile;
      // The one just made is known by its name, which no other profile of the account has.
      const saved = account?.profiles.find(({ name }) => name === input.name.trim());
      if (refused !== null || saved === undefined || (pin === '' && !removesPin)) return { refused, account };
      return (await doors.ask(SET_PROFILE_PIN, { commandId: randomId(), profileId: saved.id, pin })).setProfilePin;
    };
    guarded.change(made, back);
  };
  const remove = (): void => {
    if (profile === null) return;
    const commandId = randomId();
    guarded.change(async () => (await doors.ask(REMOVE_PROFILE, { commandId, profileId: profile.id })).removeProfile, back);
  };

  const heading = profile === null ? text('profile.addTitle') : text('profile.editTitle');
  if (guarded.proof !== null)
    return (
      <QuietPage name={heading} heading={heading}>
        {guarded.proof}
      </QuietPage>
    );
  if (isDeleting && profile !== null)
    return (
      <QuietPage name={heading} heading={text('profile.deleteTitle', { name: profile.name })} lead={text('profile.deleteText')}>
        {guarded.problem === undefined ? null : <p role="alert">{guarded.problem}</p>}
        <div className="actions">
          <button type="button" className="button button-light" onClick={remove}>
            {text('profile.deleteConfirm')}
          </button>
          <button type="button" className="button" onClick={() => setDeleting(false)}>
            {text('action.cancel')}
          </button>
        </div>
      </QuietPage>
    );
  const ages = MATURITIES.filter((age) => !input.isKids || age <= KIDS_MATURITY_MAX);
  return (
    <QuietPage name={heading} heading={heading}>
      <Form
        submit={save}
        working={guarded.working}
        problem={guarded.problem}
        action={text('action.save')}
        also={
          <button type="button" className="button" onClick={back}>
            {text('action.cancel')}
          </button>
        }
      >
        <Field label={text('profile.name')} value={input.name} onChange={(name) => set({ name })} maxLength={30} autoComplete="off" first />
        <fieldset className="pictures">
          <legend>{text('profile.picture')}</legend>
          {PICTURES.map((picture) => (
            <label key={picture} className="picture">
              <input
                type="radio"
                name="picture"
                className="visually-hidden"
                aria-label={text(`profile.pictureName.${picture}`)}
                checked={input.picture === picture}
                onChange={() => set({ picture })}
              />
              <ProfilePicture picture={picture} />
            </label>
          ))}
        </fieldset>
        {profile?.isOwner === true ? null : (
          <label className="check">
            <input
              type="checkbox"
              checked={input.isKids}
              onChange={({ target }) =>
                set(target.checked ? { isKids: true, maturityMax: Math.min(input.maturityMax, KIDS_MATURITY_MAX) } : { isKids: false })
              }
            />
            <span>{text('profile.kids')}</span>
            <small>{text('profile.kidsHint')}</small>
          </label>
        )}
        <div className="field-row">
          <label className="field">
            <span>{text('profile.maturity')}</span>
            <select value={input.maturityMax} onChange={({ target }) => set({ maturityMax: Number(target.value) })}>
              {ages.map((age) => (
                <option key={age} value={age}>
                  {age === 0
                    ? text('profile.maturityAll')
                    : age === 18
                      ? text('profile.maturityEverything')
                      : text('profile.maturityUpTo', { age })}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span>{text('profile.language')}</span>
            <select value={input.language} onChange={({ target }) => set({ language: target.value })}>
              {[...new Set([input.language, ...languages.languages])].map((tag) => (
                <option key={tag} value={tag} lang={tag}>
                  {languageName(tag, tag, tag)}
                </option>
              ))}
            </select>
          </label>
        </div>
        <Field
          label={profile?.hasPin === true ? text('profile.pinChange') : text('profile.pinSet')}
          hint={text('profile.pinHint')}
          type="password"
          inputMode="numeric"
          autoComplete="off"
          maxLength={PIN_DIGITS}
          value={pin}
          onChange={(typed) => setPin(typed.replaceAll(/\D/g, ''))}
          problem={pin === '' || pin.length === PIN_DIGITS ? undefined : text('pin.invalid', { count: PIN_DIGITS })}
          digits
        />
        {profile?.hasPin === true ? (
          <label className="check">
            <input type="checkbox" checked={removesPin} onChange={({ target }) => setRemovesPin(target.checked)} />
            <span>{text('profile.pinRemove')}</span>
          </label>
        ) : null}
      </Form>
      {profile === null || profile.isOwner ? null : (
        <button type="button" className="text-link" onClick={() => setDeleting(true)}>
          {text('profile.delete')}
        </button>
      )}
    </QuietPage>
  );
}

function startFrom(profile: Profile | null, taken: readonly string[]): ProfileInput {
  if (profile !== null) {
    const { name, picture, language: tag, maturityMax, isKids } = profile;
    return { name, picture, language: tag, maturityMax, isKids };
  }
  const picture = PICTURES.find((each) => !taken.includes(each)) ?? PICTURES[0];
  return { name: '', picture, language: language(), maturityMax: 18, isKids: false };
}
