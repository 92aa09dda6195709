import type { Balancer, Peer } from './balancer.ts';
import { RpcError } from './error.ts';
import { CALLER_HEADER } from './headers.ts';
import type { DiscoveryView } from './picture.ts';
import type { Pools } from './pools.ts';
import type { Route, Upstream } from './port.ts';

/** See `Rpc.upstream`. */
export function createUpstream(needs: {
  unit: string;
  discovery: DiscoveryView;
  pools: Pools;
  balancer: Balancer;
  credential: () => string | undefined;
}): Upstream {
  const { unit, discovery, pools, balancer } = needs;
  const peers = new WeakMap<Route, Peer>();
  const forget = discovery.onChange(() => pools.keepOnly(discovery.addresses()));
  return {
    choose(tried = []) {
      const peer = balancer.choose(tried.flatMap((route) => peers.get(route) ?? []));
      if (peer === undefined) return undefined;
      const route = routeTo(balancer, peer);
      peers.set(route, peer);
      return route;
    },
    credential() {
      const credential = needs.credential();
      if (credential === undefined) throw new RpcError('unauthenticated', `this process has no key for calls to "${unit}"`);
      return [CALLER_HEADER, credential];
    },
    async close() {
      forget();
      await pools.close();
    },
  };
}

function routeTo(balancer: Balancer, peer: Peer): Route {
  peer.inFlight += 1;
  return {
    address: peer.instance.address,
    dispatcher: peer.dispatcher,
    release(outcome) {
      peer.inFlight -= 1;
      if (outcome === 'answered') balancer.succeeded(peer);
      if (outcome === 'failed') balancer.failed(peer);
    },
  };
}
