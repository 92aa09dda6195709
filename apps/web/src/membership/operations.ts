import { operation } from '../graph/operation.ts';
import cancel from './cancel.graphql';
import changePlan from './change-plan.graphql';
import confirmPayment from './confirm-payment.graphql';
import dropPlanChange from './drop-plan-change.graphql';
import type { Payment } from './payment-flow.ts';
import type { Standing } from './standing.ts';
import standing from './standing.graphql';
import startMembership from './start-membership.graphql';
import undoCancel from './undo-cancel.graphql';
import updateCard from './update-card.graphql';

type Command = { readonly commandId: string };
type Changed = { readonly refused: string | null };

export const STANDING = operation<Standing>(standing);
export const CANCEL = operation<{ readonly cancelMembership: Changed }, Command>(cancel);
export const UNDO_CANCEL = operation<{ readonly undoCancelMembership: Changed }, Command>(undoCancel);
export const CHANGE_PLAN = operation<{ readonly changePlan: Changed }, Command & { readonly planId: string }>(changePlan);
export const DROP_PLAN_CHANGE = operation<{ readonly cancelPlanChange: Changed }, Command>(dropPlanChange);

export const START_MEMBERSHIP = operation<
  { readonly startMembership: Payment },
  Command & { readonly planId: string; readonly country: string; readonly paymentToken: string }
>(startMembership);
export const CONFIRM_PAYMENT = operation<{ readonly confirmPayment: Payment }, { readonly chargeId: string }>(confirmPayment);
export const UPDATE_CARD = operation<{ readonly updateCard: Payment }, Command & { readonly paymentToken: string }>(updateCard);
