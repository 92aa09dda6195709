import assert from 'node:assert/strict';
import { MEMBER } from '../home/fill.ts';
import { PASSPORTS } from '../home/ground.ts';
import { openLoad } from '../home/load.ts';
import type { Load } from '../home/load.ts';
import { startBehind } from './behind.ts';
import { startFront } from './front.ts';
import { startInstance } from './instance.ts';
import type { Command, Report } from './parts.ts';

// Entry of a process of the bench: `process.ts behind <folder>`, `process.ts instance <folder> <discovery> <operations>`,
// `process.ts front <folder> <discovery>`, `process.ts load <gateway>`. Speaks over the IPC channel; without its parent it has no use.
process.on('disconnect', () => process.exit(0));

const TOKEN_LIFE_MS = 3_600_000;
/** Who answers what the gateway passes on. */
const ASKED = 'graph';

type Part = { readonly address: string; answer(command: Command): Promise<Report> };

const STARTS: Readonly<Record<string, (words: readonly string[]) => Promise<Part>>> = {
  async behind([folder]) {
    assert(folder !== undefined);
    const { rpc, sees, answered, fill } = await startBehind(folder);
    return {
      address: rpc.address,
      async answer({ kind }) {
        if (kind === 'fill') await fill();
        if (kind === 'answered') return { kind: 'calls', count: await answered() };
        return kind === 'sees' ? { kind: 'instances', count: sees(ASKED) } : { kind: 'did' };
      },
    };
  },
  async instance([folder, discovery, operations]) {
    assert(folder !== undefined && discovery !== undefined && operations !== undefined);
    const { rpc, sees, answered, join, leave } = await startInstance({ folder, discovery, operations });
    return {
      address: rpc.address,
      async answer({ kind }) {
        if (kind === 'join') join();
        if (kind === 'leave') await leave();
        if (kind === 'answered') return { kind: 'calls', count: await answered() };
        return kind === 'sees' ? { kind: 'instances', count: sees(ASKED) } : { kind: 'did' };
      },
    };
  },
  async front([folder, discovery]) {
    assert(folder !== undefined && discovery !== undefined);
    const { address, sees } = await startFront({ folder, discovery });
    return { address, answer: async () => ({ kind: 'instances', count: sees(ASKED) }) };
  },
  async load([address]) {
    assert(address !== undefined);
    const load = openLoad({ address, token: PASSPORTS.accessTokens.mint(MEMBER, TOKEN_LIFE_MS).token });
    return {
      address,
      async answer(command) {
        if (command.kind === 'calls') return { kind: 'done', wrong: await askFor(load, command) };
        await load.first();
        return { kind: 'did' };
      },
    };
  },
};

const [role = '', ...words] = process.argv.slice(2);
const start = STARTS[role];
assert(start !== undefined, `there is no role "${role}"`);
const part = await start(words);
process.on('message', (command: Command) => void part.answer(command).then(tell));
tell({ kind: 'ready', address: part.address });

/** Answers how many were not the right page. */
async function askFor(load: Load, { calls, inFlight }: { calls: number; inFlight: number }): Promise<number> {
  let left = calls;
  let wrong = 0;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      if (!(await load.isRight())) wrong += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
  return wrong;
}

function tell(report: Report): void {
  process.send?.(report);
}
