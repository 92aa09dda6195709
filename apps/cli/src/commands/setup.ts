import { EXIT } from '../command.ts';
import type { Command } from '../command.ts';

/** All of it is done by the launcher before any command runs; this one only gives it a name of its own, for images of containers and machines. */
export const setup: Command = {
  name: 'setup',
  about: 'install what "up" needs (programs, libraries, the web app) without starting anything',
  usage: 'setup',
  options: {},
  words: { min: 0, max: 0 },
  async run({ terminal }) {
    terminal.err('everything that "bioscope up" needs is there\n');
    return EXIT.done;
  },
};
