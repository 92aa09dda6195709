import type { Logger } from '@bioscope/telemetry';

import { policyRequest } from './domain/policy-request.ts';
import type { Question } from './domain/question.ts';
import { verdictOf, type Judgement, type Verdict } from './domain/verdict.ts';
import type { Viewer } from './domain/viewer.ts';
import type { PolicyBook } from './policy-book.ts';

type JudgeParts = { readonly book: PolicyBook; readonly log: Pick<Logger, 'error'> };

export type Case = { readonly viewer: Viewer; readonly question: Question; readonly nowMs: number };
export type Judged = { readonly verdict: Verdict; readonly judgement: Judgement; readonly of: Case };

/** Asks the policies. One that cannot be evaluated is our fault: the answer is a refusal, and somebody must look. */
export function judge({ book, log }: JudgeParts, of: Case): Judged {
  const judgement = book.judge(policyRequest(of.viewer, of.question, of));
  if (judgement.errors.length > 0) log.error({ errors: judgement.errors, action: of.question.action }, 'policies could not be evaluated');
  return { verdict: verdictOf(of, judgement, book.reasonOf), judgement, of };
}
