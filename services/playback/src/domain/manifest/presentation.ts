import type { Edition } from '@bioscope/catalog/contract';

/** All that a manifest is made of; the same presentation always gives the same text. */
export type Presentation = {
  readonly edition: Edition;
  /** Best first. */
  readonly pathways: readonly PathwayBase[];
  /** In the path of every appliance URL. */
  readonly token: string;
  /** Absolute URL of this session's content steering. */
  readonly steeringUrl: string;
  /** Absolute URL below which this session's manifests lie, without a slash at the end. */
  readonly sessionUrl: string;
};
export type PathwayBase = {
  /** [a-z0-9-]+ */
  readonly id: string;
  /** Scheme, host and port, without a slash at the end. */
  readonly baseUrl: string;
};

/** Where the files of the edition lie on one pathway; ends with a slash. */
export function editionUrl(presentation: Pick<Presentation, 'token' | 'edition'>, pathway: PathwayBase): string {
  return `${pathway.baseUrl}/t/${presentation.token}/${presentation.edition.id}/`;
}

/** Bits per second of a file that is fetched once for the whole film, rounded up. */
export function spreadBandwidth(edition: Edition, files: readonly string[]): number {
  const bytes = edition.files.reduce((sum, file) => (files.includes(file.name) ? sum + file.bytes : sum), 0);
  return Math.max(1, Math.ceil((bytes * 8000) / edition.durationMs));
}
