import { styleText } from 'node:util';

const COLOURS = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red' } as const;
const OWN_FIELDS = new Set(['level', 'time', 'msg', 'process', 'unit']);

/** Turns one JSON log line into one line for people: `12:00:01 info  catalog  message  key=value`. Errors show their message, and their stack below. */
export function humanLine(json: string, options: { colour: boolean }): string {
  const record = parse(json);
  if (record === null) return json;
  const paint = (style: Parameters<typeof styleText>[0], part: string) =>
    options.colour ? styleText(style, part, { validateStream: false }) : part;
  const level = text(record['level']) || 'info';
  const colour = isLevel(level) ? COLOURS[level] : 'gray';
  const time = typeof record['time'] === 'string' ? record['time'].slice(11, 19) : '';
  const stacks: string[] = [];
  const fields = Object.entries(record)
    .filter(([key]) => !OWN_FIELDS.has(key))
    .map(([key, value]) => `${key}=${short(value, stacks)}`);
  const head = [paint('gray', time), paint(colour, level.padEnd(5)), text(record['unit']) || text(record['process']), text(record['msg'])];
  const line = [...head.filter((part) => part !== ''), ...fields.map((field) => paint('gray', field))].join('  ');
  return `${[line, ...stacks].join('\n')}\n`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isLevel(level: string): level is keyof typeof COLOURS {
  return Object.hasOwn(COLOURS, level);
}

function short(value: unknown, stacks: string[]): string {
  if (typeof value === 'string') return /[\s"]/.test(value) ? JSON.stringify(value) : value;
  if (isRecord(value) && typeof value['message'] === 'string') {
    if (typeof value['stack'] === 'string') stacks.push(value['stack']);
    return JSON.stringify(value['message']);
  }
  return JSON.stringify(value) ?? 'undefined';
}

function parse(json: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(json);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
