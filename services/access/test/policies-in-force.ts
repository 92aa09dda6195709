import { fileURLToPath } from 'node:url';

import type { Question } from '../src/domain/question.ts';
import type { Asker } from '../src/domain/signals.ts';
import type { Verdict } from '../src/domain/verdict.ts';
import { viewerFor, type LearnedOfViewer } from '../src/domain/viewer.ts';
import { judge, type Judged } from '../src/judge.ts';
import { readPolicyBook } from '../src/policy-book.ts';
import { fresh, household, MEMBER, NOW_MS, PREMIUM, ranks } from './people.ts';

export const POLICY_FOLDER: string = fileURLToPath(new URL('../policies', import.meta.url));

const book = await readPolicyBook(POLICY_FOLDER);
const log = { error: (fields: object): void => void failed.push(fields) };
/** Policies that could not be evaluated; a test looks that there are none. */
export const failed: object[] = [];

export type Asking = { readonly asker?: Partial<Asker>; readonly nowMs?: number } & Partial<LearnedOfViewer>;

/** Decides by the policies in force, without a service around them. */
export function decision(question: Question, asking: Asking = {}): Verdict {
  return judged(question, asking).verdict;
}

export function judged(question: Question, { asker = {}, nowMs = NOW_MS, entitlement, household: learned, devices }: Asking = {}): Judged {
  const who = { ...MEMBER, ...asker };
  const known =
    who.accountId === ''
      ? { entitlement: null, household: null, devices: null }
      : {
          entitlement: entitlement === undefined ? fresh(PREMIUM) : entitlement,
          household: learned === undefined ? household() : learned,
          devices: devices === undefined ? fresh(ranks(MEMBER.deviceId)) : devices,
        };
  const viewer = viewerFor(question.action, who, known, { nowMs });
  return judge({ book, log }, { viewer, question, nowMs });
}
