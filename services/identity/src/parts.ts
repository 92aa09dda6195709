import type { MailService } from '@bioscope/mail/contract';
import type { AccessTokens } from '@bioscope/passport';
import type { Client } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

import type { IdentityConfig } from './config.ts';
import type { Hashing } from './hashing.ts';
import type { Limits } from './limits.ts';
import type { AccountStore } from './store/accounts.ts';
import type { Announcements } from './store/announcements.ts';
import type { EmailClaims } from './store/email-claims.ts';
import type { EmailIndex } from './store/email-index.ts';
import type { OneTime } from './store/one-time.ts';
import type { Operators } from './store/operators.ts';
import type { SessionStore } from './store/sessions.ts';

/** What the use cases work with. */
export type IdentityParts = {
  readonly config: IdentityConfig;
  readonly accounts: AccountStore;
  readonly emails: EmailClaims;
  readonly emailIndex: EmailIndex;
  readonly oneTime: OneTime;
  readonly operators: Operators;
  readonly sessions: SessionStore;
  readonly announcements: Announcements;
  readonly hashing: Hashing;
  readonly accessTokens: Pick<AccessTokens, 'mint'>;
  /** Empty when it is not to be had. */
  readonly planTierOf: (accountId: string) => Promise<string>;
  readonly mail: Pick<Client<typeof MailService>, 'send'>;
  readonly limits: Limits;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly random: (bytes: number) => Buffer;
  readonly log: Logger;
};
