import { join } from 'node:path';

/** Where things lie in an appliance's folder. All on one file system, so that a finished file moves into place by rename. */
export type Layout = {
  /** Complete, checked files: `<edition id>/<file>`. nginx serves these and nothing else. */
  readonly files: string;
  /** Downloads under way, same names. */
  readonly partial: string;
  /** Files that turned out corrupt, kept for whoever wants to know why. */
  readonly quarantine: string;
  readonly nginx: string;
  /** The last plan and token keys that control gave. */
  readonly controlState: string;
};

export function layoutOf(folder: string): Layout {
  return {
    files: join(folder, 'files'),
    partial: join(folder, 'partial'),
    quarantine: join(folder, 'quarantine'),
    nginx: join(folder, 'nginx'),
    controlState: join(folder, 'control.json'),
  };
}
