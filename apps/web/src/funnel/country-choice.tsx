import { useId, useMemo, type ReactNode } from 'react';
import { countryName } from '../design/money.ts';
import { locale, text } from '../texts.ts';
import { useCountries } from './use-offers.ts';

/** Where nobody can tell where somebody is, they say it. */
export function CountryChoice({ country, choose }: { country: string; choose: (country: string) => void }): ReactNode {
  const id = useId();
  const codes = useCountries();
  const named = useMemo(() => {
    const tag = locale();
    const { compare } = new Intl.Collator(tag);
    return codes.map((code) => ({ code, name: countryName(code, tag) })).sort((one, other) => compare(one.name, other.name));
  }, [codes]);
  return (
    <div className="field">
      <label htmlFor={id}>{text('field.country')}</label>
      <select id={id} autoComplete="country" value={country} onChange={(event) => choose(event.target.value)}>
        <option value="" disabled>
          {text('field.country')}
        </option>
        {named.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
