import type { Host } from 'cassandra-driver';

export type HostsMet = { meet(host: Host): void; end(): Promise<void> };

/**
 * When all nodes were away at once, the driver (4.10.0, control-connection.js) makes new hosts for the same addresses. The old ones go on being used, but
 * are forgotten when the client is shut down: they would connect for ever and keep the process alive. So all that were ever met are ended.
 */
export function createHostsMet(): HostsMet {
  const met = new Set<Host>();
  return {
    meet: (host) => void met.add(host),
    async end() {
      // Not among the driver's types, but what the client itself calls for each of its hosts.
      const hosts = [...met] as (Host & { shutdown(): Promise<void> })[];
      await Promise.all(hosts.map((host) => host.shutdown().catch(() => {})));
      met.clear();
    },
  };
}
