import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** The slowest, lint with types, takes well under a minute on two cores. */
const DEADLINE_MS = 10 * 60_000;
/** Enough for the first few hundred complaints; nobody reads more at once. */
const OUTPUT_MAX = 200_000;

/** Runs Node with arguments in the checkout; its programs find each other and the pinned Node on PATH. */
export async function runProgram(request: {
  args: readonly string[];
  root: string;
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<{ passed: boolean; output: string }> {
  const bins = [join(request.root, 'node_modules/node/bin'), join(request.root, 'node_modules/.bin')];
  const child = spawn(process.execPath, [...request.args], {
    cwd: request.root,
    env: { ...request.environment, PATH: [...bins, request.environment['PATH'] ?? ''].join(delimiter) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  const keep = (text: string): void => {
    if (output.length < OUTPUT_MAX) output += text.slice(0, OUTPUT_MAX - output.length);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  child.once('error', (error) => {
    keep(error.message);
    resolve(false);
  });
  child.once('close', (code, signal) => {
    if (signal !== null) keep(`\nended by ${signal} after ${DEADLINE_MS / 60_000} minutes or from outside`);
    resolve(code === 0);
  });
  return { passed: await promise, output };
}
