/** What the bench asks its processes, and what they answer. */
export type Command =
  /** Of the process behind: fill the catalogue, once an instance serves. */
  | { readonly kind: 'fill' }
  /** Of an instance: take part, or take no part, in what others are asked to do. */
  | { readonly kind: 'join' }
  | { readonly kind: 'leave' }
  /** How many instances the process knows that answer the graph. */
  | { readonly kind: 'sees' }
  /** How many calls the process has answered since it started. */
  | { readonly kind: 'answered' }
  /** Of the load: the page once it comes whole; so many pages. */
  | { readonly kind: 'first' }
  | { readonly kind: 'calls'; readonly calls: number; readonly inFlight: number };
export type Report =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'did' }
  | { readonly kind: 'instances'; readonly count: number }
  | { readonly kind: 'calls'; readonly count: number }
  | { readonly kind: 'done'; readonly wrong: number };
