import { REFUSALS, type RefusalCode } from '../../contract/index.ts';

/** An expected no, as a value. */
export type Refusal = {
  readonly kind: 'refused';
  readonly because: RefusalCode;
  readonly message: string;
  /** The part of the request that it is about; empty when it is about none. */
  readonly field: string;
  /** Zero unless waiting helps. */
  readonly retryAfterMs: number;
};

export function refused(
  because: RefusalCode,
  about: { readonly field?: string; readonly message?: string; readonly retryAfterMs?: number } = {},
): Refusal {
  return {
    kind: 'refused',
    because,
    message: about.message ?? REFUSALS[because],
    field: about.field ?? '',
    retryAfterMs: about.retryAfterMs ?? 0,
  };
}
