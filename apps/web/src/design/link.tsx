import type { MouseEvent, ReactNode } from 'react';
import { goTo } from '../router.ts';

type LinkProps = {
  to: string;
  className?: string;
  label?: string;
  /** It leads to where one is. */
  current?: boolean;
  children: ReactNode;
};

/** A link inside the app. Clicks with a modifier key do what the browser does. */
export function Link({ to, className, label, current = false, children }: LinkProps): ReactNode {
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <a href={to} className={className} aria-label={label} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  );
}
