/** Who asks, for calls to the services: an access token of a few minutes. */
export type Bearer = {
  /** Empty for visitors. At once where it is at hand, so that a last word gets out while the page closes. */
  token(): string | Promise<string>;
  /** Another one, because this was not accepted; empty when there is none to be had. */
  renew(refused: string): Promise<string>;
};

/** Of pages without accounts. */
export const NOBODY: Bearer = { token: () => '', renew: async () => '' };
