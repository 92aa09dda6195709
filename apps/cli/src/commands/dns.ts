import { explanationLines } from '@bioscope/dns';
import { ExplainService } from '@bioscope/dns/contract';
import { Complaint, DATA_OPTION, EXIT, flag, JSON_OPTION, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';

const DEADLINE_MS = 2_000;

export const dns: Command = {
  name: 'dns',
  about: 'say what the name servers answer to a client and why, or write the same for gdnsd',
  usage:
    'dns explain NAME --client ADDRESS [--json] | gdnsd FOLDER     [--data DIR]     (NAME: such as app; ADDRESS: 192.0.2.1 or 192.0.2.0/24)',
  options: {
    client: { type: 'string', value: 'ADDRESS', about: 'whose question it is: an address, or a network as a resolver names it' },
    json: JSON_OPTION,
    data: DATA_OPTION,
  },
  words: { min: 2, max: 2 },
  async run(invocation) {
    const [what = '', object = ''] = invocation.words;
    const client = textOption(invocation, 'client');
    if (what === 'gdnsd') return await exportTo(invocation, object);
    if (what === 'explain' && client !== undefined) return await explain(invocation, { name: object, client });
    throw new Complaint('use "bioscope dns explain NAME --client ADDRESS" or "bioscope dns gdnsd FOLDER"', { exitCode: EXIT.misused });
  },
};

async function explain(invocation: Invocation, question: { readonly name: string; readonly client: string }): Promise<number> {
  const { withFleetRpc } = await import('../fleet/fleet-rpc.ts');
  const answer = await withFleetRpc(invocation, 'dns', (rpc) =>
    rpc.client(ExplainService).explain(question, { deadlineMs: DEADLINE_MS, idempotent: true }),
  );
  const { $typeName: _, ...facts } = answer;
  invocation.terminal.out(flag(invocation, 'json') ? `${JSON.stringify(facts)}\n` : `${explanationLines(answer).join('\n')}\n`);
  return EXIT.done;
}

async function exportTo(invocation: Invocation, target: string): Promise<number> {
  const { environment, terminal } = invocation;
  const { deploymentOf } = await import('../fleet/fleet-rpc.ts');
  const { folder, deployment } = deploymentOf(invocation);
  const { writeGdnsd } = await import('../fleet/write-gdnsd.ts');
  const check = await writeGdnsd({ folder, deployment, target, host: environment['BIOSCOPE_HOST'] || 'localhost' });
  terminal.err(`written to ${target}; "${check}" looks it over\n`);
  return EXIT.done;
}
