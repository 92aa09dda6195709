import type { ReactNode } from 'react';
import { text } from '../texts.ts';

/** Where things will be, while they are on their way. */
export function HomeSkeleton(): ReactNode {
  return (
    <div aria-busy="true">
      <h1 className="visually-hidden">{text('title.loading')}</h1>
      <div className="billboard billboard-waiting">
        <div className="billboard-words">
          <span className="skeleton skeleton-name" />
          <span className="skeleton skeleton-line" />
          <span className="skeleton skeleton-line" />
        </div>
      </div>
      <div className="rows">
        <PosterSkeletons count={8} />
      </div>
    </div>
  );
}

export function PosterSkeletons({ count }: { count: number }): ReactNode {
  return (
    <ul className="row-line row-posters" aria-hidden="true">
      {Array.from({ length: count }, (_, place) => (
        <li key={place}>
          <span className="skeleton skeleton-poster" />
        </li>
      ))}
    </ul>
  );
}
