import { Complaint, DATA_OPTION, EXIT, flag } from '../command.ts';
import type { Command } from '../command.ts';
import { fleetOf } from '../fleet/fleet-of.ts';

export const restart: Command = {
  name: 'restart',
  about: 'restart processes of a service that runs in regions, without a failed request',
  usage: 'restart NAME… | --rolling [--data DIR]     (NAME: such as a-1-play; "bioscope status" lists them)',
  options: {
    data: DATA_OPTION,
    rolling: { type: 'boolean', about: 'all of them, one after the other; also what an upgrade does, after the new version is in place' },
  },
  // More than a deployment of one machine has.
  words: { min: 0, max: 400 },
  async run(invocation) {
    const { words, terminal } = invocation;
    const isRolling = flag(invocation, 'rolling');
    if (isRolling === words.length > 0)
      throw new Complaint('say which processes, or --rolling for all of them', { exitCode: EXIT.misused });
    const fleet = fleetOf(invocation);
    const startedAtMs = performance.now();
    const tell = (place: string): void => terminal.err(`restarting ${place}\n`);
    if (isRolling) await fleet.restartAll(tell);
    for (const place of words) {
      tell(place);
      await fleet.restart(place);
    }
    terminal.err(`done after ${Math.round((performance.now() - startedAtMs) / 1_000)} s\n`);
    return EXIT.done;
  },
};
