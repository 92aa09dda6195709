import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError } from '@bioscope/rpc';

import type {
  ActivateRequest,
  BeginTrialRequest,
  CatchUpRequest,
  ChangeResponseSchema,
  ChoosePlanRequest,
  RenewRequest,
  ReportPaymentFailedRequest,
} from '../../contract/index.ts';
import type { MembershipParts } from './context.ts';
import { requireId, requirePeriod } from './requests.ts';
import { changeView } from './views.ts';

type Change = MessageInitShape<typeof ChangeResponseSchema>;

export async function choosePlan(parts: MembershipParts, request: ChoosePlanRequest): Promise<Change> {
  const { planId, country } = request;
  return changeView(
    await parts.change(ids(request), { type: 'choose_plan', planId: requireId('plan_id', planId), country: requireCountry(country) }),
  );
}

export async function beginTrial(parts: MembershipParts, request: BeginTrialRequest): Promise<Change> {
  const command = { type: 'begin_trial', country: requireCountry(request.country), ...requirePeriod(request) } as const;
  return changeView(await parts.change(ids(request), command));
}

export async function activate(parts: MembershipParts, request: ActivateRequest): Promise<Change> {
  const command = { type: 'activate', country: requireCountry(request.country), ...requirePeriod(request) } as const;
  return changeView(await parts.change(ids(request), command));
}

export async function renew(parts: MembershipParts, request: RenewRequest): Promise<Change> {
  return changeView(await parts.change(ids(request), { type: 'renew', ...requirePeriod(request) }));
}

export async function reportPaymentFailed(parts: MembershipParts, request: ReportPaymentFailedRequest): Promise<Change> {
  const { because, holdAtMs, lapseAtMs } = request;
  if (!(holdAtMs > 0 && lapseAtMs > holdAtMs)) throw new RpcError('invalid_argument', 'hold_at_ms must come before lapse_at_ms');
  return changeView(
    await parts.change(ids(request), { type: 'fail_payment', because: requireId('because', because), holdAtMs, lapseAtMs }),
  );
}

export async function catchUp(parts: MembershipParts, request: CatchUpRequest): Promise<Change> {
  return changeView(
    await parts.change({ accountId: requireId('account_id', request.accountId), commandId: parts.newId() }, { type: 'catch_up' }),
  );
}

function ids({ accountId, commandId }: { readonly accountId: string; readonly commandId: string }): {
  accountId: string;
  commandId: string;
} {
  return { accountId: requireId('account_id', accountId), commandId: `billing:${requireId('command_id', commandId)}` };
}

function requireCountry(country: string): string {
  if (!/^[A-Z]{2}$/.test(country))
    throw new RpcError('invalid_argument', `country is ${JSON.stringify(country.slice(0, 10))}; two capital letters are wanted`);
  return country;
}
