import type { Title } from '@bioscope/catalog/contract';
import type { ReactNode } from 'react';
import { qualityName, runtime } from '../design/format.ts';
import { locale } from '../texts.ts';
import { topHeight } from './shelf.ts';

/** "2008 · 10 min · 1080p": only what is known. */
export function Facts({ title }: { title: Title }): ReactNode {
  const facts = [
    title.year > 0 ? String(title.year) : '',
    title.durationMs > 0 ? runtime(title.durationMs, locale()) : '',
    topHeight(title) > 0 ? qualityName(topHeight(title)) : '',
  ].filter((fact) => fact !== '');
  return (
    <p className="facts">
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </p>
  );
}
