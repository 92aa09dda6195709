import type { MouseEvent, ReactNode } from 'react';
import { goTo } from '../router.ts';

type LinkProps = { to: string; className?: string; current?: boolean; children: ReactNode };

/** A link inside the console. Clicks with a modifier key do what the browser does. */
export function Link({ to, className, current, children }: LinkProps): ReactNode {
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <a href={to} className={className} aria-current={current === true ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  );
}
