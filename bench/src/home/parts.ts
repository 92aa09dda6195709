/** Who answers `/graphql` behind the gateway. */
export const ANSWERERS = ['graph gateway', 'hand-written'] as const;
export type Answerer = (typeof ANSWERERS)[number];

/** What the bench asks its processes, and what they answer. CPU is user + system time of the process since it started. */
export type Command =
  | { readonly kind: 'cpu' }
  | { readonly kind: 'first' }
  | { readonly kind: 'calls'; readonly calls: number; readonly inFlight: number };
export type Report =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'cpu'; readonly cpuMs: number }
  | { readonly kind: 'first'; readonly text: string }
  | { readonly kind: 'done'; readonly wallMs: number };
