import type { ReactNode } from 'react';
import { text } from '../texts.ts';

export function TitleSkeleton(): ReactNode {
  return (
    <div className="title" aria-busy="true">
      <h1 className="visually-hidden">{text('title.loading')}</h1>
      <div className="title-backdrop" />
      <div className="title-sheet">
        <div className="title-poster">
          <span className="skeleton skeleton-poster" />
        </div>
        <div className="title-words">
          <span className="skeleton skeleton-name" />
          <span className="skeleton skeleton-line" />
          <span className="skeleton skeleton-line" />
        </div>
      </div>
    </div>
  );
}
