import { explanationLines } from '@bioscope/dns';
import { ExplainService } from '@bioscope/dns/contract';
import { Complaint, DATA_OPTION, EXIT, flag, JSON_OPTION, textOption } from '../command.ts';
import type { Command } from '../command.ts';

const DEADLINE_MS = 2_000;

export const dns: Command = {
  name: 'dns',
  about: 'say what the name servers answer to a client, and every step that led there',
  usage: 'dns explain NAME --client ADDRESS [--json] [--data DIR]     (NAME: such as app; ADDRESS: 192.0.2.1 or 192.0.2.0/24)',
  options: {
    client: { type: 'string', value: 'ADDRESS', about: 'whose question it is: an address, or a network as a resolver names it' },
    json: JSON_OPTION,
    data: DATA_OPTION,
  },
  words: { min: 2, max: 2 },
  async run(invocation) {
    const [what = '', name = ''] = invocation.words;
    const client = textOption(invocation, 'client');
    if (what !== 'explain' || client === undefined)
      throw new Complaint('use "bioscope dns explain NAME --client ADDRESS"', { exitCode: EXIT.misused });
    const { withFleetRpc } = await import('../fleet/fleet-rpc.ts');
    const answer = await withFleetRpc(invocation, 'dns', (rpc) =>
      rpc.client(ExplainService).explain({ name, client }, { deadlineMs: DEADLINE_MS, idempotent: true }),
    );
    const { $typeName: _, ...facts } = answer;
    invocation.terminal.out(flag(invocation, 'json') ? `${JSON.stringify(facts)}\n` : `${explanationLines(answer).join('\n')}\n`);
    return EXIT.done;
  },
};
