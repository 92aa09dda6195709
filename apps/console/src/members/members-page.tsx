import { IdentityService, type Account } from '@bioscope/identity/contract';
import { useMemo, useState, type FormEvent, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { usePages } from '../api/use-pages.ts';
import { day } from '../design/format.ts';
import { Link } from '../design/link.tsx';
import { Mark } from '../design/mark.tsx';
import { Known } from '../design/trouble.tsx';
import { typedText } from '../design/typed-text.ts';
import { Page } from '../frame/page.tsx';
import { pathOf } from '../router.ts';
import { texts } from '../texts.ts';
import { InvitePart } from './invite-part.tsx';

const AT_ONCE = 50;

/** Finds accounts by their address. What was searched for stands in the address of the page, so that going back finds it again. */
export function MembersPage({ doors }: { doors: Pick<Doors, 'call'> }): ReactNode {
  const [email, setEmail] = useState(() => new URLSearchParams(window.location.search).get('email') ?? '');
  const search = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const wanted = typedText(new FormData(event.currentTarget), 'email').trim();
    history.replaceState(history.state, '', `${pathOf.members}?email=${encodeURIComponent(wanted)}`);
    setEmail(wanted);
  };
  return (
    <Page name={texts.members.title}>
      <search>
        <form className="form form-line" onSubmit={search}>
          <label>
            {texts.members.search}
            <input name="email" type="search" defaultValue={email} required minLength={2} maxLength={254} aria-describedby="hint" />
          </label>
          <button type="submit" className="button button-light">
            {texts.members.submit}
          </button>
        </form>
      </search>
      <p id="hint" className="quiet">
        {texts.members.hint}
      </p>
      {email === '' ? null : <Found key={email} doors={doors} email={email} />}
      <InvitePart doors={doors} />
    </Page>
  );
}

function Found({ doors: { call }, email }: { doors: Pick<Doors, 'call'>; email: string }): ReactNode {
  const question = useMemo(
    () => ({
      page: async (cursor: string, signal: AbortSignal) => {
        const answer = await call(IdentityService.method.findAccounts, { email, accountsMax: AT_ONCE, cursor }, { signal });
        return { items: answer.accounts, next: answer.cursor };
      },
      idOf: (account: Account) => account.id,
    }),
    [call, email],
  );
  const { remote, refresh, more } = usePages<Account>(question);
  return (
    <>
      <Known remote={remote} retry={refresh}>
        {(accounts) =>
          accounts.length === 0 ? (
            <output>{texts.members.none}</output>
          ) : (
            <ul className="rows">
              {accounts.map((account) => (
                <li key={account.id} className="row">
                  <span className="row-main">
                    <Link to={pathOf.member(account.id)}>{account.email}</Link>
                  </span>
                  <span className="row-side">
                    {account.isOperator ? <Mark tone="busy">{texts.members.operator}</Mark> : null}
                    <span className="quiet">
                      {account.country} · {texts.members.since(day(account.createdAtMs))}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Known>
      {more === null ? null : (
        <button type="button" className="button" onClick={more}>
          {texts.more}
        </button>
      )}
    </>
  );
}
