import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { EchoService } from '@bioscope/rpc/contract';
import { createClient } from '@connectrpc/connect';
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node';
import type { RpcPeer } from './peer.ts';

/** Stock connect-node with the binary format and its defaults otherwise: no credentials, no discovery, no deadline. */
export function connectNode(httpVersion: '1.1' | '2'): RpcPeer {
  return {
    async serve() {
      const handler = connectNodeAdapter({
        routes: (router) => router.service(EchoService, { echo: ({ text }) => ({ text }), fail: () => ({}) }),
      });
      const server = httpVersion === '2' ? createHttp2Server(handler) : createServer(handler);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return `127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async connect(address) {
      const client = createClient(
        EchoService,
        createConnectTransport({ baseUrl: `http://${address}`, httpVersion, useBinaryFormat: true }),
      );
      return async (text) => (await client.echo({ text })).text;
    },
  };
}
