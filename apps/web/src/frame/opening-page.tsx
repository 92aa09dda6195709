import type { ReactNode } from 'react';
import { Problem } from '../design/problem.tsx';
import { useHouse, useWho } from '../member/member-context.tsx';
import { text } from '../texts.ts';

/** While it is found out who sits here, or a part of the app is on its way. */
export function OpeningPage(): ReactNode {
  return (
    <main className="opening">
      <output className="opening-light" aria-label={text('title.loading')} />
    </main>
  );
}

export function UnreachablePage(): ReactNode {
  const { session } = useHouse();
  const who = useWho();
  if (who.kind !== 'unreachable') return null;
  return (
    <main>
      <Problem error={who.error} retry={() => void session.open()} />
    </main>
  );
}
