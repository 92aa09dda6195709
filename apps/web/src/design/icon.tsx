import type { ReactNode } from 'react';

/** 24 × 24 outlines, drawn with the colour of the text around them. */
const SHAPES = {
  play: <path d="M7 4.6v14.8c0 .9 1 1.4 1.7.9l11-7.4a1.1 1.1 0 0 0 0-1.8l-11-7.4C8 3.2 7 3.7 7 4.6Z" fill="currentColor" stroke="none" />,
  pause: <path d="M7 4h3v16H7zM14 4h3v16h-3z" fill="currentColor" stroke="none" />,
  back: <path d="M15 4.5 7.5 12l7.5 7.5" />,
  info: <path d="M12 11v6M12 7.2v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z" />,
  restart: <path d="M4.5 5v5h5M5 10a7.5 7.5 0 1 1-.6 4" />,
  back10: (
    <>
      <path d="M4 6v5h5M4.6 11A8 8 0 1 1 4.3 15" />
      <text x="12.3" y="15.6" fontSize="7.4" fontWeight="700" textAnchor="middle" fill="currentColor" stroke="none">
        10
      </text>
    </>
  ),
  forward10: (
    <>
      <path d="M20 6v5h-5M19.4 11A8 8 0 1 0 19.7 15" />
      <text x="11.7" y="15.6" fontSize="7.4" fontWeight="700" textAnchor="middle" fill="currentColor" stroke="none">
        10
      </text>
    </>
  ),
  volume: <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11" />,
  muted: <path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM16 9.5l5 5M21 9.5l-5 5" />,
  captions: <path d="M3.5 5.5h17v13h-17zM10.5 10.5a2 2 0 1 0 0 3M17 10.5a2 2 0 1 0 0 3" />,
  audio: <path d="M12 4v16M8 8v8M16 8v8M4 10.5v3M20 10.5v3" />,
  quality: <path d="M4 7h9M17 7h3M4 12h3M11 12h9M4 17h9M17 17h3M15 5v4M9 10v4M15 15v4" />,
  speed: <path d="M12 13.5 16 9M5.2 18a9 9 0 1 1 13.6 0" />,
  pip: <path d="M3.5 5h17v14h-17zM12 12h6v4.5h-6z" />,
  fullscreen: <path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5" />,
  exitFullscreen: <path d="M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5" />,
  help: <path d="M9.3 9a2.8 2.8 0 1 1 4 2.7c-.9.4-1.3 1-1.3 2M12 17v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z" />,
  plus: <path d="M12 4.5v15M4.5 12h15" />,
  search: <path d="m20 20-4.6-4.6M17.5 10.75a6.75 6.75 0 1 1-13.5 0 6.75 6.75 0 0 1 13.5 0Z" />,
  home: <path d="M4 11 12 4l8 7v8.5h-5.5V14h-5v5.5H4Z" />,
  list: <path d="M4 6.5h11M4 12h11M4 17.5h7M18 13v6M15 16h6" />,
  thumbUp: <path d="M7.5 10.5v9H4v-9ZM7.5 10.5 11 4c1.6 0 2.5 1 2.3 2.6L12.8 10h5c1.4 0 2.3 1.2 2 2.5l-1.3 5.4c-.2 1-1 1.6-2 1.6h-9" />,
  thumbDown: <path d="M7.5 13.5v-9H4v9ZM7.5 13.5 11 20c1.6 0 2.5-1 2.3-2.6l-.5-3.4h5c1.4 0 2.3-1.2 2-2.5l-1.3-5.4c-.2-1-1-1.6-2-1.6h-9" />,
  person: <path d="M12 12.2a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c.6-3.6 3.6-5.3 7.5-5.3s6.9 1.7 7.5 5.3" />,
  next: <path d="M5 4.8v14.4L16 12ZM19 5v14" />,
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  lock: <path d="M6 11h12v9H6zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11" />,
  reel: <path d="M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM12 8.2v.1M12 15.7v.1M8.2 12h.1M15.7 12h.1" />,
} as const;

export type IconName = keyof typeof SHAPES;

/** Mirrored in languages that are read from right to left. Not those that move in time: it runs from left to right in players everywhere. */
const OF_DIRECTION: readonly IconName[] = ['back'];

/** Decoration: the control around it carries the name. */
export function Icon({ name }: { name: IconName }): ReactNode {
  return (
    <svg
      className={OF_DIRECTION.includes(name) ? 'icon-of-direction' : undefined}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.9"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {SHAPES[name]}
    </svg>
  );
}
