import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { MEMBER_STATES } from '../src/domain/member.ts';
import { COMMANDS, TABLE, type Rule } from '../src/domain/table.ts';

export const README = join(import.meta.dirname, '../README.md');
const BEGIN = '<!-- table: written by test/readme-table.ts -->\n';
const END = '<!-- end of table -->';

/** The README with the table of the member's life as the program has it. */
export function withTable(readme: string): string {
  const [head, rest] = readme.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined) throw new Error('the README has no place for the table');
  return `${head}${BEGIN}\n${tableText()}\n${END}${tail}`;
}

function tableText(): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const head = line(['command', ...MEMBER_STATES]) + line(['---', ...MEMBER_STATES.map(() => '---')]);
  const rows = COMMANDS.map((command) => line([`**${command}**`, ...MEMBER_STATES.map((state) => cell(TABLE[command][state]))]));
  return head + rows.join('');
}

function cell(rule: Rule): string {
  if ('refuses' in rule) return `*${rule.refuses}*`;
  return rule.may.length === 0 ? '–' : rule.may.map((type) => `\`${type}\``).join(' or ');
}

if (import.meta.main) writeFileSync(README, withTable(readFileSync(README, 'utf8')));
