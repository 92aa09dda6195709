import assert from 'node:assert/strict';
import { startBackend } from './backend.ts';
import { startEdge } from './edge.ts';
import { MEMBER } from './fill.ts';
import { PASSPORTS } from './ground.ts';
import { openLoad } from './load.ts';
import { ANSWERERS } from './parts.ts';
import type { Command, Report } from './parts.ts';

// Entry of a process of the bench: `process.ts backend <folder>`, `process.ts edge <answerer> <folder> <backend>`, `process.ts load <gateway>`.
// Speaks over the IPC channel; without its parent it has no use.
process.on('disconnect', () => process.exit(0));

const TOKEN_LIFE_MS = 3_600_000;
const [role, ...words] = process.argv.slice(2);
let answerCommand: (command: Command) => Promise<Report> = async () => cpu();
let address = '';
if (role === 'backend') {
  const [folder] = words;
  assert(folder !== undefined);
  address = await startBackend(folder);
} else if (role === 'edge') {
  const [name, folder, backend] = words;
  const answerer = ANSWERERS.find((each) => each === name);
  assert(answerer !== undefined && folder !== undefined && backend !== undefined);
  address = await startEdge({ answerer, folder, backend });
} else {
  const [gateway] = words;
  assert(gateway !== undefined);
  const load = openLoad({ address: gateway, token: PASSPORTS.accessTokens.mint(MEMBER, TOKEN_LIFE_MS).token });
  address = gateway;
  answerCommand = async (command) => {
    if (command.kind === 'first') return { kind: 'first', text: await load.first() };
    return command.kind === 'calls' ? { kind: 'done', wallMs: await load.run(command) } : cpu();
  };
}
process.on('message', (command: Command) => void answerCommand(command).then(tell));
tell({ kind: 'ready', address });

function cpu(): Report {
  const { user, system } = process.cpuUsage();
  return { kind: 'cpu', cpuMs: (user + system) / 1_000 };
}

function tell(report: Report): void {
  process.send?.(report);
}
