import type { EncodePlan, Inspection, RefusalCode } from '../../src/media/index.ts';

/** One odd or hostile file, made when the tests run, and what has to become of it. */
export type Specimen = {
  /** Also its file name, so that names are part of the trial. */
  readonly name: string;
  /** Part of the everyday run; the others only with BIOSCOPE_TEST_ALL=1. */
  readonly everyday?: boolean;
  readonly make: (lab: Lab, path: string) => Promise<void>;
  readonly outcome: Accepted | Refused;
};
export type Accepted = { readonly kind: 'accepted'; readonly check?: (film: { inspection: Inspection; plan: EncodePlan }) => void };
export type Refused = { readonly kind: 'refused'; readonly code: RefusalCode };

/** What makers may use. */
export type Lab = {
  readonly folder: string;
  /** Runs ffmpeg, quietly, over `path` when it ends the arguments. */
  ffmpeg(...args: readonly string[]): Promise<void>;
  /** A small ordinary film: H.264, AAC, 2 s, 160 x 120, 25 frames per second, index first. */
  plainFilm(): Promise<string>;
  /** A server that must never be called. */
  readonly url: string;
  /** A local file that must never be opened. */
  readonly canary: string;
};

export const REFUSED = (code: RefusalCode): Refused => ({ kind: 'refused', code });
