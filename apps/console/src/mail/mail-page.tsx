import { MailService, MessageState, type OutboxMessage } from '@bioscope/mail/contract';
import { useMemo, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { usePages } from '../api/use-pages.ts';
import { moment } from '../design/format.ts';
import { Mark, type Tone } from '../design/mark.tsx';
import { Known } from '../design/trouble.tsx';
import { Page } from '../frame/page.tsx';
import { texts } from '../texts.ts';
import { withLinks } from './with-links.ts';

const AT_ONCE = 50;
const REFRESH_MS = 10_000;

const TONES: Readonly<Record<MessageState, Tone>> = {
  [MessageState.UNSPECIFIED]: 'quiet',
  [MessageState.WAITING]: 'busy',
  [MessageState.SENT]: 'good',
  [MessageState.KEPT]: 'quiet',
  [MessageState.FAILED]: 'bad',
};

/** The mail outbox, newest first. */
export function MailPage({ doors }: { doors: Pick<Doors, 'call'> }): ReactNode {
  const { call } = doors;
  const question = useMemo(
    () => ({
      page: async (cursor: string, signal: AbortSignal) => {
        const { messages, cursor: next } = await call(MailService.method.listOutbox, { messagesMax: AT_ONCE, cursor }, { signal });
        return { items: messages, next };
      },
      idOf: (message: OutboxMessage) => message.id,
      againAfterMs: REFRESH_MS,
    }),
    [call],
  );
  const { remote, refresh, more } = usePages<OutboxMessage>(question);
  return (
    <Page name={texts.mail.title}>
      <p className="quiet">{texts.mail.about}</p>
      <Known remote={remote} retry={refresh}>
        {(messages) =>
          messages.length === 0 ? (
            <p>{texts.mail.none}</p>
          ) : (
            <ul className="rows">
              {messages.map((message) => (
                <Message key={message.id} message={message} />
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
    </Page>
  );
}

function Message({ message }: { message: OutboxMessage }): ReactNode {
  return (
    <li>
      <details className="row">
        <summary>
          <strong>{message.subject}</strong>
          <span className="quiet">
            {texts.mail.to} {message.to}
          </span>
          <span className="row-side">
            <Mark tone={TONES[message.state] ?? 'quiet'}>{texts.mail.state[message.state] ?? texts.mail.state[0]}</Mark>
            <time className="quiet" dateTime={new Date(message.createdAtMs).toISOString()}>
              {moment(message.createdAtMs)}
            </time>
          </span>
        </summary>
        <div className="row-inside">
          {message.failure === '' ? null : (
            <p className="bad">
              {message.failure} ({texts.mail.attempts(message.attempts)})
            </p>
          )}
          <p className="letter" lang={message.language}>
            {withLinks(message.text).map((part) =>
              part.kind === 'link' ? (
                <a key={part.at} href={part.text} rel="noreferrer" target="_blank">
                  {part.text}
                </a>
              ) : (
                part.text
              ),
            )}
          </p>
        </div>
      </details>
    </li>
  );
}
