import { superviseChild } from '@bioscope/host';

/** Enough to see why a tool failed: its last lines. */
const LINES_MAX = 40;

/** Runs a program to its end, which never outlives this process. Rejects with its last lines when it fails or its deadline passes. */
export async function runTool(request: {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  deadlineMs: number;
}): Promise<void> {
  const lines: string[] = [];
  const child = await superviseChild({
    name: 'tool',
    command: request.command,
    args: request.args,
    cwd: request.cwd,
    env: request.env,
    onLine: (line) => {
      lines.push(line);
      if (lines.length > LINES_MAX) lines.shift();
    },
  });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void child.stop();
  }, request.deadlineMs);
  const { exit } = await child.ended;
  clearTimeout(timer);
  if (!late && exit?.code === 0) return;
  const how = late ? `took longer than ${request.deadlineMs / 1000} s` : `failed (${exit?.signal ?? `exit code ${exit?.code}`})`;
  throw new Error(`${request.command} ${request.args.join(' ')} ${how}:\n${lines.join('\n')}`);
}
