import { DATA_OPTION, EXIT, flag, JSON_OPTION } from '../command.ts';
import type { Command } from '../command.ts';
import { dataFolder } from '../config.ts';
import { examine } from '../examine.ts';
import type { Finding } from '../examine.ts';

const MARKS: Record<Finding['kind'], string> = { well: '✔', note: '·', wrong: '✖' };

export const doctor: Command = {
  name: 'doctor',
  about: 'say what is missing or wrong on this machine',
  usage: 'doctor [--json] [--data DIR]',
  options: { json: JSON_OPTION, data: DATA_OPTION },
  words: { min: 0, max: 0 },
  async run(invocation) {
    const findings = await examine({ folder: dataFolder(invocation.options, invocation.environment), environment: invocation.environment });
    const { terminal } = invocation;
    if (flag(invocation, 'json')) terminal.out(`${JSON.stringify(findings)}\n`);
    else terminal.out(findings.map((finding) => `${MARKS[finding.kind]} ${finding.what.padEnd(12)} ${finding.text}\n`).join(''));
    return findings.some((finding) => finding.kind === 'wrong') ? EXIT.failed : EXIT.done;
  },
};
