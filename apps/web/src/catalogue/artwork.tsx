import { useState, type ReactNode } from 'react';

type ArtworkProps = {
  /** The `api.` origin. */
  api: string;
  /** Path of the picture there; empty while there is none. */
  path: string;
  name: string;
  /** CSS pixels, for the space it takes before it has come. */
  width: number;
  height: number;
  eager?: boolean;
};

/** A film's picture, faded in; a painted stand-in of the film's own colour while there is none, or when it cannot be had. */
export function Artwork({ api, path, name, width, height, eager = false }: ArtworkProps): ReactNode {
  const [shown, setShown] = useState('');
  const [broken, setBroken] = useState('');
  const drawn = path !== '' && broken !== path;
  return (
    <span className="artwork" style={{ aspectRatio: `${width} / ${height}`, '--hue': hueOf(name) }}>
      {drawn ? (
        <img
          src={`${api}${path}`}
          alt=""
          width={width}
          height={height}
          loading={eager ? 'eager' : 'lazy'}
          fetchPriority={eager ? 'high' : 'auto'}
          decoding="async"
          className={shown === path ? 'shown' : ''}
          onLoad={() => setShown(path)}
          onError={() => setBroken(path)}
        />
      ) : (
        <span className="artwork-stand-in" aria-hidden="true">
          <bdi>{name}</bdi>
        </span>
      )}
    </span>
  );
}

/** A colour that always belongs to the same name: 0 to 359 degrees. */
export function hueOf(name: string): number {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return sum;
}
