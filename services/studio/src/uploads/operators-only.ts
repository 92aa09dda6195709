import type { OperatorGuard } from '@bioscope/access/contract/operator-guard';
import { askedBy } from '@bioscope/passport';
import type { HttpHandler } from '@bioscope/rpc';

/** The guard has a deadline of its own below this. */
const DECIDED_WITHIN_MS = 2_000;

/** The mount, for those alone whom access lets work on films; decided before a byte of the body is read. */
export function operatorsOnly(
  { operators, nowMs }: { readonly operators: Pick<OperatorGuard, 'check'>; readonly nowMs: () => number },
  handler: HttpHandler,
): HttpHandler {
  return async (request, response, context) => {
    const gone = new AbortController();
    const leave = (): void => gone.abort(new Error('the caller is gone'));
    response.once('close', leave);
    const { caller, traceparent } = context;
    const deadlineAtMs = nowMs() + DECIDED_WITHIN_MS;
    await operators.check('films', { ...askedBy(request, context), caller, traceparent, deadlineAtMs, signal: gone.signal });
    response.off('close', leave);
    await handler(request, response, context);
  };
}
