import type { ReactNode } from 'react';

/** What is known of a title, in a line. */
export function FactsLine({ facts }: { facts: readonly string[] }): ReactNode {
  if (facts.length === 0) return null;
  return (
    <span className="facts">
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </span>
  );
}
