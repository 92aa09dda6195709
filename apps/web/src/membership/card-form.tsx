import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { useTask } from '../design/use-task.ts';
import { text } from '../texts.ts';
import { openCardDoor, type TestCard } from './card-door.ts';
import { type CardProblem, readCard, slashedExpiry, spacedNumber } from './card-entry.ts';

/** Takes a card and hands over the processor's token for it. */
export function CardForm({ action, use, also }: { action: string; use: (token: string) => void; also?: ReactNode }): ReactNode {
  const door = useMemo(() => openCardDoor((url, init) => window.fetch(url, init)), []);
  const [card, setCard] = useState({ number: '', expires: '' });
  const [wrong, setWrong] = useState<keyof typeof card | null>(null);
  const [tests, setTests] = useState<readonly TestCard[]>([]);
  const task = useTask();
  useEffect(() => {
    // Without the list cards can be typed all the same.
    door.testCards().then(setTests, () => undefined);
  }, [door]);

  const send = async (): Promise<string | undefined> => {
    const read = readCard(card, Date.now());
    if ('problem' in read) {
      setWrong(read.problem.field);
      return problemText(read.problem.because);
    }
    setWrong(null);
    const made = await door.tokenise(read.entry);
    if ('token' in made) {
      use(made.token);
      return undefined;
    }
    const isExpiry = made.problem.includes('expir');
    setWrong(isExpiry ? 'expires' : 'number');
    return problemText(isExpiry ? 'expires' : 'number');
  };
  const problemOf = (field: keyof typeof card): string | undefined => (wrong === field && !task.working ? task.problem : undefined);

  return (
    <Form
      submit={() => task.run(send)}
      working={task.working}
      problem={wrong === null ? task.problem : undefined}
      action={action}
      also={also}
    >
      <Field
        label={text('card.number')}
        inputMode="numeric"
        autoComplete="cc-number"
        value={card.number}
        onChange={(number) => setCard({ ...card, number: spacedNumber(number) })}
        problem={problemOf('number')}
        hint={text('card.safe')}
        dir="ltr"
        first
      />
      <Field
        label={text('card.expires')}
        inputMode="numeric"
        autoComplete="cc-exp"
        value={card.expires}
        onChange={(expires) => setCard({ ...card, expires: slashedExpiry(expires, card.expires) })}
        problem={problemOf('expires')}
        dir="ltr"
      />
      {tests.length === 0 ? null : (
        <TestCards cards={tests} choose={(number) => setCard({ number: spacedNumber(number), expires: nextYear() })} />
      )}
    </Form>
  );
}

function problemText(because: CardProblem['because']): string {
  switch (because) {
    case 'number':
      return text('card.numberInvalid');
    case 'expires':
      return text('card.expiresInvalid');
    case 'expired':
      return text('card.expired');
    default:
      return because satisfies never;
  }
}

function nextYear(): string {
  return `12/${String((new Date().getFullYear() + 1) % 100).padStart(2, '0')}`;
}

function TestCards({ cards, choose }: { cards: readonly TestCard[]; choose: (number: string) => void }): ReactNode {
  return (
    <details className="form-note" open>
      <summary>{text('card.testCards')}</summary>
      <ul className="test-cards">
        {cards.map(({ number, behaviour }) => (
          <li key={number}>
            <button type="button" className="text-link" dir="ltr" onClick={() => choose(number)}>
              {spacedNumber(number)}
            </button>
            {isKnown(behaviour) ? <span>{text(`card.test.${behaviour}`)}</span> : null}
          </li>
        ))}
      </ul>
    </details>
  );
}

const BEHAVIOURS = [
  'succeeds',
  'insufficient_funds',
  'stolen',
  'expired',
  'step_up',
  'charges_silently',
  'silent',
  'answers_twice',
] as const;

function isKnown(behaviour: string): behaviour is (typeof BEHAVIOURS)[number] {
  return BEHAVIOURS.some((known) => known === behaviour);
}
