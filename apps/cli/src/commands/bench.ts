import { BENCHES } from '@bioscope/bench';
import type { Bench } from '@bioscope/bench';
import { Complaint, EXIT, flag, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { table } from '../table.ts';

export const bench: Command = {
  name: 'bench',
  about: 'measure a part against its peer, side by side in one run',
  usage: 'bench [NAME] [--engine ENGINE] [--json] [--quick]     (without NAME: lists them)',
  options: {
    engine: { type: 'string', value: 'ENGINE', about: 'which engine, of a bench that knows several (store: sqlite, cassandra)' },
    json: { type: 'boolean', about: 'print the figures as one JSON object' },
    quick: { type: 'boolean', about: 'fewer rounds: to try the bench itself, the figures are worth little' },
  },
  words: { min: 0, max: 1 },
  async run(invocation) {
    const [name] = invocation.words;
    if (name === undefined) return await listBenches(invocation);
    const load = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
    if (load === undefined)
      throw new Complaint(`there is no bench "${name}" (there are: ${Object.keys(BENCHES).sort().join(', ')})`, { exitCode: EXIT.misused });
    const { terminal } = invocation;
    const chosen = await load();
    const engine = textOption(invocation, 'engine');
    if (engine !== undefined && chosen.engines?.includes(engine) !== true) throw unknownEngine(chosen, engine);
    const result = await chosen.run({ quick: flag(invocation, 'quick'), engine, say: (line) => terminal.err(`${line}\n`) });
    if (flag(invocation, 'json')) {
      terminal.out(`${JSON.stringify(result.figures)}\n`);
      return EXIT.done;
    }
    const figures = Object.entries(result.figures).map(([figure, value]) => `${figure}: ${Number(value.toPrecision(3))}`);
    terminal.out(`${chosen.about}\n\n${table(result.columns, result.rows)}\n${[...figures, '', ...result.notes].join('\n')}\n`);
    return EXIT.done;
  },
};

function unknownEngine({ name, engines = [] }: Bench, engine: string): Complaint {
  const known = engines.length === 0 ? 'it has none to choose from' : `there are: ${engines.join(', ')}`;
  return new Complaint(`bench ${name} has no engine "${engine}" (${known})`, { exitCode: EXIT.misused });
}

async function listBenches(invocation: Invocation): Promise<number> {
  const benches = await Promise.all(Object.values(BENCHES).map((load) => load()));
  if (flag(invocation, 'json')) invocation.terminal.out(`${JSON.stringify(benches.map(({ name, about }) => ({ name, about })))}\n`);
  else
    invocation.terminal.out(
      table(
        ['bench', 'compares'],
        benches.map(({ name, about }) => [name, about]),
      ),
    );
  return EXIT.done;
}
