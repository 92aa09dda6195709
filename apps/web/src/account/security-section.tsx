import { useMemo, useState, type ReactNode } from 'react';
import { randomId } from '../api/random-id.ts';
import { useRemote } from '../api/use-remote.ts';
import { day } from '../design/money.ts';
import { useHouse } from '../member/member-context.tsx';
import { hasPasskeys } from '../member/passkeys.ts';
import type { Account } from '../member/session-door.ts';
import { useGuardedChange } from '../member/use-guarded-change.tsx';
import { locale, text } from '../texts.ts';
import { REMOVE_PASSKEY, SECURITY, type Security } from './operations.ts';
import { EmailForm, PasskeyForm, PasswordForm, PinForm } from './security-forms.tsx';
import { Row, Section } from './section.tsx';

type Opened = 'email' | 'password' | 'pin' | 'passkey' | null;

/** Address, password, account PIN and passkeys; one of them is open to be changed at a time. */
export function SecuritySection({ account }: { account: Account }): ReactNode {
  const { doors } = useHouse();
  const [opened, setOpened] = useState<Opened>(null);
  const [said, setSaid] = useState('');
  const question = useMemo(() => ({ key: 'security', ask: (signal: AbortSignal) => doors.ask(SECURITY, {}, { signal }) }), [doors]);
  const { remote, retry } = useRemote<Security>(question);
  const passkeys = remote.kind === 'ready' ? remote.value.passkeys : [];
  const removal = useGuardedChange();
  const close = (words: string): void => {
    setOpened(null);
    setSaid(words);
  };
  const opener = (what: Exclude<Opened, null>, label: string): ReactNode => (
    <button
      type="button"
      className="button"
      aria-expanded={opened === what}
      onClick={() => {
        setSaid('');
        setOpened(opened === what ? null : what);
      }}
    >
      {label}
    </button>
  );
  return (
    <Section heading={text('account.security')}>
      <output className="account-said">{said}</output>
      <Row name={text('account.email')} value={account.email}>
        {opener('email', text('account.changeEmail'))}
      </Row>
      {opened === 'email' ? <EmailForm done={close} /> : null}
      <Row name={text('account.password')}>{opener('password', text('account.changePassword'))}</Row>
      {opened === 'password' ? <PasswordForm done={close} /> : null}
      <Row name={text('account.accountPin')} value={text('account.accountPinHint')}>
        {opener('pin', account.hasAccountPin ? text('profile.pinChange') : text('account.setAccountPin'))}
      </Row>
      {opened === 'pin' ? <PinForm hasPin={account.hasAccountPin} done={close} /> : null}
      <Row name={text('account.passkeys')}>{hasPasskeys() ? opener('passkey', text('account.addPasskey')) : null}</Row>
      {passkeys.map(({ id, name, addedAtMs, usedAtMs }) => (
        <Row key={id} name={name} value={`${text('account.passkeyAdded', { date: day(addedAtMs, locale()) })} · ${usedText(usedAtMs)}`}>
          <button
            type="button"
            className="button"
            onClick={() =>
              removal.change(async () => (await doors.ask(REMOVE_PASSKEY, { commandId: randomId(), passkeyId: id })).removePasskey, retry)
            }
          >
            {text('account.removePasskey')}
          </button>
        </Row>
      ))}
      {removal.proof}
      {removal.problem === undefined ? null : <p role="alert">{removal.problem}</p>}
      {opened === 'passkey' ? (
        <PasskeyForm
          done={(words) => {
            close(words);
            retry();
          }}
        />
      ) : null}
    </Section>
  );
}

function usedText(usedAtMs: number | null): string {
  return usedAtMs === null ? text('account.passkeyNeverUsed') : text('account.lastUsed', { date: day(usedAtMs, locale()) });
}
