import { RpcError } from '@bioscope/rpc';
import type { Client, Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import { DiscoveryService } from '../../contract/index.ts';
import type { Exchange } from '../domain/copy.ts';
import type { Directory } from '../directory.ts';
import { answerFromMessage, exchangeToMessage } from './messages.ts';

/** A quarter of a lease: then there is time left to hear from another copy what this one would have said. What was not told is told with what came since. */
const DEADLINE_MS = 750;

/** Hands on what this copy hears to its peers, and takes what they know. Ends with the directory; resolves when what was under way is over. */
export function tellPeers(needs: { directory: Directory; rpc: Rpc; log: Logger }): { stop(): Promise<void> } {
  const { directory, rpc, log } = needs;
  const { copy } = directory;
  const clients = new Map<string, Client<typeof DiscoveryService>>();
  const underWay = new Set<Promise<void>>();
  const silent = new Set<string>();
  const stopped = new AbortController();

  function clientAt(peer: string): Client<typeof DiscoveryService> {
    let client = clients.get(peer);
    if (client === undefined) clients.set(peer, (client = rpc.client(DiscoveryService, { at: peer })));
    return client;
  }

  async function send(peer: string, exchange: Exchange): Promise<void> {
    try {
      const options = { deadlineMs: DEADLINE_MS, signal: stopped.signal };
      const answer = await clientAt(peer).exchange(exchangeToMessage(exchange), options);
      copy.answered(peer, answerFromMessage(answer), directory.nowMs());
      if (silent.delete(peer)) log.info({ peer }, 'a copy of discovery answers again');
    } catch (fault) {
      copy.failed(peer, isAbsent(fault), directory.nowMs());
      if (!silent.has(peer) && !stopped.signal.aborted) log.warn({ peer, err: fault }, 'a copy of discovery does not answer');
      silent.add(peer);
    }
    if (!stopped.signal.aborted) directory.announce();
  }

  function tell(): void {
    for (const { peer, exchange } of copy.due(directory.nowMs())) {
      const sending = send(peer, exchange).finally(() => underWay.delete(sending));
      underWay.add(sending);
    }
  }

  directory.onNews(tell);
  tell();
  return {
    async stop() {
      stopped.abort();
      await Promise.all(underWay);
    },
  };
}

function isAbsent(fault: unknown): boolean {
  const cause = fault instanceof RpcError ? fault.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}
