import { useState, type ReactNode } from 'react';
import type { PlaySession } from '../session/play-session.ts';
import { sheetsOf, thumbnailAt } from './storyboard.ts';

/** The film's picture at a position, cut from the storyboard. Nothing when there is none or it cannot be had. */
export function StoryboardPreview({ play, positionMs }: { play: PlaySession; positionMs: number }): ReactNode {
  // Sheets that could not be had from the first pathways: the next one is tried.
  const [failed, setFailed] = useState<ReadonlySet<string>>(new Set());
  const { storyboard } = play.session;
  if (storyboard === undefined) return null;
  const place = thumbnailAt(storyboard, positionMs);
  if (place === undefined) return null;
  const url = sheetUrls(storyboard.urls, sheetsOf(storyboard), place.sheet).find((candidate) => !failed.has(candidate));
  if (url === undefined) return null;
  return (
    <span className="seek-preview-picture" style={{ aspectRatio: `${storyboard.thumbnailWidth} / ${storyboard.thumbnailHeight}` }}>
      <img
        src={play.fresh(url)}
        alt=""
        draggable={false}
        style={{
          width: `${storyboard.columns * 100}%`,
          translate: `${(-100 * place.x) / (storyboard.columns * storyboard.thumbnailWidth)}% ${(-100 * place.y) / (storyboard.rows * storyboard.thumbnailHeight)}%`,
        }}
        onError={() => setFailed((before) => new Set(before).add(url))}
      />
    </span>
  );
}

/** All addresses of one sheet: the list holds every sheet of the first pathway, then every sheet of the next. */
function sheetUrls(urls: readonly string[], sheets: number, sheet: number): string[] {
  return urls.filter((_, index) => index % sheets === sheet);
}
