import { EXIT, flag, JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { version } from '../version.ts';

export const versionCommand: Command = {
  name: 'version',
  about: 'print the version',
  usage: 'version [--json]',
  options: { json: JSON_OPTION },
  words: { min: 0, max: 0 },
  async run(invocation) {
    const versions = { bioscope: version(), node: process.versions.node };
    invocation.terminal.out(
      flag(invocation, 'json') ? `${JSON.stringify(versions)}\n` : `bioscope ${versions.bioscope} (node ${versions.node})\n`,
    );
    return EXIT.done;
  },
};
