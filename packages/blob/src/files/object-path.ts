import path from 'node:path';

/**
 * Where an object lies below the objects folder. `~` marks an object's file and `+` a folder that continues a part too long for one
 * file name; neither can stand in a key, so that `a` and `a/b` live side by side and no two keys share a path.
 */
export function objectPath(folder: string, key: string): string {
  const parts = key.split('/');
  const last = parts.pop() ?? '';
  return path.join(folder, ...parts.flatMap((part) => pieces(part, '')), ...pieces(last, OBJECT_MARK));
}

export const OBJECT_MARK = '~';
export const CONTINUES_MARK = '+';
/** File systems allow 255 bytes in a name; one is for the mark. */
const PIECE_CHARACTERS_MAX = 200;

function pieces(part: string, mark: string): string[] {
  const names: string[] = [];
  let rest = part;
  while (rest.length > PIECE_CHARACTERS_MAX) {
    names.push(rest.slice(0, PIECE_CHARACTERS_MAX) + CONTINUES_MARK);
    rest = rest.slice(PIECE_CHARACTERS_MAX);
  }
  names.push(rest + mark);
  return names;
}
