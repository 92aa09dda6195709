import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MailService } from '@bioscope/mail/contract';
import { enrolMember, type Credentials, type Doors, type EnrolNeeds, type Resolve } from '@bioscope/viewer';
import type { Api } from '../service/api.ts';

export type AccountNeeds = {
  readonly api: Api;
  /** The state folder: accounts are kept there for the next time. */
  readonly folder: string;
  readonly doors: Doors;
  readonly resolve: Resolve;
  readonly operations: Pick<EnrolNeeds, 'offers' | 'startMembership'>;
  readonly country: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

type Kept = Credentials & { readonly streamsMax: number };

const FILE = 'viewers.json';
/** Of the sandbox (services/billing/src/sandbox): pays always. */
const CARD_THAT_PAYS = '4242424242424242';
const LINK_WAIT_MS = 20_000;
const LINK_LOOK_EVERY_MS = 200;

/**
 * Members for so many viewers at once: those of the last time, and new ones that sign up and pay with a test card until their plans have enough
 * streams. Rejects when a new one cannot; those that could are kept.
 */
export async function accountsFor(needs: AccountNeeds, viewers: number): Promise<readonly Credentials[]> {
  const file = join(needs.folder, FILE);
  const kept: Kept[] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Kept[]) : [];
  while (streamsOf(kept) < viewers && !needs.signal.aborted) {
    needs.say(`signing up: members for ${streamsOf(kept)} of ${viewers} viewers`);
    kept.push(await enrol(needs));
    writeFileSync(file, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  }
  // As often as it has streams: viewers take accounts in turn.
  const mostStreams = Math.max(0, ...kept.map(({ streamsMax }) => streamsMax));
  const turns = Array.from({ length: mostStreams }, (_, turn) => kept.filter(({ streamsMax }) => turn < streamsMax));
  return turns.flat().slice(0, viewers);
}

function streamsOf(kept: readonly Kept[]): number {
  return kept.reduce((sum, { streamsMax }) => sum + streamsMax, 0);
}

async function enrol({ api, doors, resolve, operations, country, signal }: AccountNeeds): Promise<Kept> {
  const email = `viewer-${randomUUID()}@viewers.invalid`;
  const password = randomUUID();
  const mailedLink = (to: string): Promise<string> => waitForLink(api, to, signal);
  const enrolment = { email, password, name: 'Synthetic viewer', country, cardNumber: CARD_THAT_PAYS, nowMs: Date.now() };
  const { streamsMax } = await enrolMember({ doors, resolve, mailedLink, ...operations }, enrolment);
  return { email, password, streamsMax };
}

/** From the outbox: without a mail server it keeps what it would send. */
async function waitForLink(api: Api, to: string, signal: AbortSignal): Promise<string> {
  for (const untilMs = Date.now() + LINK_WAIT_MS; Date.now() < untilMs; await pause(LINK_LOOK_EVERY_MS, undefined, { signal })) {
    const { messages } = await api.call(MailService.method.listOutbox, { messagesMax: 100 }, { signal });
    const text = messages.find((message) => message.to === to && message.template === 'verify_email')?.text ?? '';
    const link = /\/verify#(\S+)/.exec(text)?.[1];
    if (link !== undefined) return link;
  }
  throw new Error(`no link for ${to} is in the outbox: where a mail server is configured, give accounts with --accounts FILE`);
}
