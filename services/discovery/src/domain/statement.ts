import type { Instance } from '@bioscope/rpc';

/**
 * What is known of one instance. Only the instance itself makes statements about itself, and numbers them: whatever way two of them come, the one with
 * the larger number holds, so that copies which heard the same statements agree.
 */
export type Statement =
  | {
      readonly kind: 'present';
      readonly instance: Instance;
      readonly sequence: number;
      readonly leaseMs: number;
      /** Of the lease; 0 or less: it ended, and whoever says this keeps the instance as doubtful. */
      readonly leftMs: number;
    }
  | {
      readonly kind: 'withdrawn';
      readonly service: string;
      readonly instanceId: string;
      readonly sequence: number;
      /** For how long this is remembered. */
      readonly leftMs: number;
    };

/** One process may serve many units, each with a lease of its own. */
export function keyOf({ service, instanceId }: { readonly service: string; readonly instanceId: string }): string {
  return `${service} ${instanceId}`;
}
