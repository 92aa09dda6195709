import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ID } from './domain/names.ts';
import type { EncodePlan } from './media/index.ts';

/** The scratch folder of one work. All in it can be made again; what is finished in it is never made again. */
export type WorkFolder = {
  readonly root: string;
  readonly source: string;
  /** For encoded pieces: another plan gets another folder, so that pieces of two plans never meet in one film. */
  pieces(plan: EncodePlan): Promise<string>;
  /** For packaged files, named as in the edition. */
  tracks(plan: EncodePlan): Promise<string>;
  make(): Promise<void>;
  remove(): Promise<void>;
};

export function workFolder(folder: string, workId: string): WorkFolder {
  if (!ID.test(workId)) throw new TypeError('not a work id');
  const root = path.join(folder, 'work', workId);
  const below = async (name: string): Promise<string> => {
    const made = path.join(root, name);
    await mkdir(made, { recursive: true, mode: 0o700 });
    return made;
  };
  return {
    root,
    source: path.join(root, 'source'),
    pieces: (plan) => below(`pieces-${digest(plan)}`),
    tracks: (plan) => below(`tracks-${digest(plan)}`),
    make: async () => void (await mkdir(root, { recursive: true, mode: 0o700 })),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

function digest(plan: EncodePlan): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex').slice(0, 16);
}
