import { Complaint, EXIT } from '../command.ts';
import type { Command } from '../command.ts';
import { helpOf, overview } from '../help-text.ts';

export const help: Command = {
  name: 'help',
  about: 'list the commands, or explain one',
  usage: 'help [COMMAND]',
  options: {},
  words: { min: 0, max: 1 },
  async run({ words, terminal }) {
    // Loaded when asked: the list of commands holds this one.
    const { COMMANDS } = await import('./index.ts');
    const [name] = words;
    if (name === undefined) {
      terminal.out(overview(COMMANDS));
      return EXIT.done;
    }
    const command = COMMANDS.find((each) => each.name === name);
    if (command === undefined) throw new Complaint(`there is no command "${name}"; see bioscope help`, { exitCode: EXIT.misused });
    terminal.out(helpOf(command));
    return EXIT.done;
  },
};
