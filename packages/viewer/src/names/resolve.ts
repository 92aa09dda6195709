/** Addresses of a host, the best first, and how long they may be used. Rejects when there is no answer. */
export type Resolve = (host: string, asker: Asker) => Promise<Addresses>;

export type Addresses = { readonly addresses: readonly string[]; readonly ttlSeconds: number };

/** On whose behalf: servers that steer by the client's network look at it. */
export type Asker = { readonly localAddress?: string };

/** For a service on this machine, whose doors are told apart by name only. */
export const LOOPBACK: Resolve = async () => ({ addresses: ['127.0.0.1'], ttlSeconds: 3_600 });
