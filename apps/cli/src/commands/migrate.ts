import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Complaint, EXIT, flag, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import type { MoveOutcome } from '../migrate/move-state.ts';
import { outcomeText } from '../migrate/outcome-text.ts';
import { liveLines } from '../progress.ts';
import { ENGINES, parseEngines, readEngineSettings } from '../units/engine-settings.ts';

export const migrate: Command = {
  name: 'migrate',
  about: 'copy an installation, also a running one, to the distributed engines',
  usage: 'migrate --from DIR --to cassandra[,kafka,s3] [--json]',
  options: {
    from: { type: 'string', value: 'DIR', about: 'the state folder of the embedded installation; it is only read' },
    to: {
      type: 'string',
      value: 'NAMES',
      about: `cassandra, and with it any of ${ENGINES.slice(1).join(', ')} (addresses as for up --engines: docs/operations/storage.md)`,
    },
    json: { type: 'boolean', about: 'print the comparison as one JSON object' },
  },
  words: { min: 0, max: 0 },
  async run(invocation) {
    const from = textOption(invocation, 'from') ?? '';
    const engines = parseEngines(textOption(invocation, 'to'));
    if (from === '' || !engines.includes('cassandra'))
      throw new Complaint(`say from where and to where: bioscope ${migrate.usage}`, { exitCode: EXIT.misused });
    const { cassandra, ...others } = readEngineSettings(invocation.environment, engines);
    if (cassandra === undefined) throw new Complaint('the address of Cassandra is missing');
    const folder = resolve(from);
    const outcome = await move(invocation, folder, { ...others, cassandra });
    if (outcome === null) return EXIT.interrupted;
    const { terminal } = invocation;
    if (flag(invocation, 'json')) terminal.out(`${JSON.stringify(outcome)}\n`);
    else terminal.out(outcomeText(outcome, { folder, engines }));
    return outcome.state === 'different' ? EXIT.failed : EXIT.done;
  },
};

/** Null when the person stopped it. */
async function move(
  { terminal, interrupt }: Invocation,
  folder: string,
  engines: Parameters<typeof import('../migrate/move-state.ts').moveState>[0]['engines'],
): Promise<MoveOutcome | null> {
  // Loads the engines: only for this command.
  const { moveState } = await import('../migrate/move-state.ts');
  const lines = liveLines(terminal);
  const signal = interrupt();
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'bioscope-migrate-'));
  try {
    return await moveState({
      folder,
      engines,
      temporaryFolder,
      signal,
      say: (line) => lines.say(line),
      progress: (line) => lines.draw([line]),
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    lines.say('stopped; run the same again to go on');
    return null;
  } finally {
    await rm(temporaryFolder, { recursive: true, force: true });
    lines.end();
  }
}
