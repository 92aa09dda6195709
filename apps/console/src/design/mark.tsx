import type { ReactNode } from 'react';

export type Tone = 'good' | 'busy' | 'bad' | 'quiet';

/** A state in one word or two. The colour repeats what the words say. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }): ReactNode {
  return <span className={`mark mark-${tone}`}>{children}</span>;
}
