/** One implementation of a small unary call, as seen by the bench. */
export type RpcPeer = {
  /** Starts serving in this process; answers host:port. */
  serve(): Promise<string>;
  /** Connects from this process; answers the call to measure. */
  connect(address: string): Promise<(text: string) => Promise<string>>;
};

export const PEER_NAMES = ['bioscope', 'connect-node HTTP/1.1', 'connect-node HTTP/2'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

/** What the bench asks a peer's process, and what that answers. CPU is user + system time of the process since it started. */
export type Command = { readonly kind: 'calls'; readonly calls: number; readonly inFlight: number } | { readonly kind: 'cpu' };
export type Report =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'cpu'; readonly cpuUs: number }
  | { readonly kind: 'done'; readonly wallMs: number };
