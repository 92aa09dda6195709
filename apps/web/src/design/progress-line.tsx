import type { ReactNode } from 'react';

/** A thin line that is `share` (0 to 1) full. `label` names it for screen readers; without one it is decoration. */
export function ProgressLine({ share, label }: { share: number; label?: string }): ReactNode {
  const filled = Math.min(Math.max(share, 0), 1);
  const spoken =
    label === undefined
      ? { 'aria-hidden': true }
      : { role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(filled * 100) };
  return (
    <span className="progress-line" {...spoken}>
      <span style={{ transform: `scaleX(${filled})` }} />
    </span>
  );
}
