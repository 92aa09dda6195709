import type { ReactNode } from 'react';

/** A bar that is `share` (0 to 1) full, and says so. */
export function Bar({ share, label }: { share: number; label: string }): ReactNode {
  return <progress className="bar" aria-label={label} max={100} value={Math.floor(Math.min(Math.max(share, 0), 1) * 100)} />;
}
