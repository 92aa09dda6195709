import assert from 'node:assert/strict';
import { connectNode } from './connect-node.ts';
import { ours } from './ours.ts';
import type { Command, PeerName, Report, RpcPeer } from './peer.ts';

// Entry of a process of the bench: `peer-process.ts serve <peer>` or `peer-process.ts call <peer> <address>`. Speaks over the IPC channel.

const PEERS: Readonly<Record<PeerName, () => RpcPeer>> = {
  bioscope: () => ours,
  'connect-node HTTP/1.1': () => connectNode('1.1'),
  'connect-node HTTP/2': () => connectNode('2'),
};

const TEXT = 'x'.repeat(200);

const [role, name, address] = process.argv.slice(2);
const peer = PEERS[name as PeerName]();
// Without its parent the process has no use.
process.on('disconnect', () => process.exit(0));

if (role === 'serve') {
  const listening = await peer.serve();
  process.on('message', () => report(cpu()));
  report({ kind: 'ready', address: listening });
} else {
  assert(address !== undefined);
  const call = await peer.connect(address);
  process.on('message', (command: Command) => {
    if (command.kind === 'cpu') report(cpu());
    else void load(call, command.calls, command.inFlight).then(report);
  });
  report({ kind: 'ready', address });
}

async function load(call: (text: string) => Promise<string>, calls: number, inFlight: number): Promise<Report> {
  const startedMs = performance.now();
  let left = calls;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      assert.equal(await call(TEXT), TEXT);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return { kind: 'done', wallMs: performance.now() - startedMs };
}

function cpu(): Report {
  const { user, system } = process.cpuUsage();
  return { kind: 'cpu', cpuUs: user + system };
}

function report(message: Report): void {
  process.send?.(message);
}
