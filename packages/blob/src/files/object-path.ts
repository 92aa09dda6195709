import path from 'node:path';

/**
 * Where an object lies below the objects folder. `~` marks an object's file; it cannot stand in a key, so that `a` and `a/b` live side by
 * side and no two keys share a path.
 */
export function objectPath(folder: string, key: string): string {
  return path.join(folder, ...key.split('/')) + OBJECT_MARK;
}

export const OBJECT_MARK = '~';
