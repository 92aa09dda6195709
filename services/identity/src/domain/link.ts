/** What a one-time link is for, and what it needs to be followed. Stored under the hash of its secret; gone when its life is over. */
export type Link =
  | {
      readonly purpose: 'sign_up';
      readonly accountId: string;
      readonly email: string;
      readonly passwordHash: string;
      readonly name: string;
      readonly language: string;
      readonly country: string;
      /** Of a cookie in the browser that signed up: elsewhere the password is asked for, so that nobody finishes what a stranger began in their name. */
      readonly browserHash: string;
    }
  | { readonly purpose: 'reset'; readonly accountId: string; readonly epoch: number }
  | { readonly purpose: 'email'; readonly accountId: string; readonly epoch: number; readonly email: string }
  | { readonly purpose: 'invite'; readonly accountId: string };
export type LinkPurpose = Link['purpose'];
export type LinkFor<P extends LinkPurpose> = Extract<Link, { purpose: P }>;

const HOUR_MS = 3_600_000;
/** None longer than a day: so long the store is sure to know the command by which a link was spent. */
export const LINK_LIFE_MS: Readonly<Record<LinkPurpose, number>> = {
  sign_up: 24 * HOUR_MS,
  email: 24 * HOUR_MS,
  invite: 24 * HOUR_MS,
  reset: HOUR_MS / 2,
};
