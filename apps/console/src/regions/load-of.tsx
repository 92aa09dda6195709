import type { ReactNode } from 'react';
import { Bar } from '../design/bar.tsx';
import { percent } from '../design/format.ts';
import { texts } from '../texts.ts';

/** How busy something is, 0 to 1, as a bar and in words. */
export function LoadOf({ name, load }: { name: string; load: number }): ReactNode {
  return (
    <span className="load">
      <Bar share={load} label={texts.regions.loadOf(name)} /> {percent(load)}
    </span>
  );
}
