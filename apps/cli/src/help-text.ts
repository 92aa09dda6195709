import type { Command } from './command.ts';

export function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return `Bioscope: run your own streaming service.

usage: bioscope COMMAND [options]

${commands.map((command) => `  ${command.name.padEnd(width)}  ${command.about}`).join('\n')}

bioscope COMMAND --help tells more.
`;
}

export function helpOf(command: Command): string {
  const rows = Object.entries(command.options).map(([name, option]) => ({
    left: `${option.short === undefined ? '' : `-${option.short}, `}--${name}${option.value === undefined ? '' : ` ${option.value}`}`,
    about: option.about,
  }));
  const width = Math.max(0, ...rows.map((row) => row.left.length));
  const options = rows.length === 0 ? '' : `\n${rows.map((row) => `  ${row.left.padEnd(width)}  ${row.about}`).join('\n')}\n`;
  return `${capitalised(command.about)}.\n\nusage: bioscope ${command.usage}\n${options}`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
