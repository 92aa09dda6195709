import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { callOf } from './cedar-wasm.ts';
import { POLICIES } from './policies.ts';
import type { StreamingRequest } from './signals.ts';

const FOLDER = fileURLToPath(new URL('native/', import.meta.url));
const TARGET = fileURLToPath(new URL('../../../node_modules/.cache/bench-cedar/', import.meta.url));
/** A first build compiles two hundred crates, about three minutes on two free cores. What a build that is cut off has done, the next one finds done. */
const BUILD_MS_MAX = 4 * 60_000;
const RUN_MS_MAX = 120_000;

export type NativeResult = { readonly perCpuSecond: number; readonly decisions: readonly boolean[] };

/** Whether there is a Rust tool chain to build Cedar with. */
export async function hasRust(): Promise<boolean> {
  try {
    await promisify(execFile)('cargo', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** Cedar itself, compiled for this machine, over the same requests, all of it made before the clock starts. Throws when it cannot be built. */
export async function nativeCedar(
  requests: readonly StreamingRequest[],
  options: { readonly rounds: number; readonly roundMs: number },
): Promise<NativeResult> {
  await promisify(execFile)('cargo', ['build', '--release', '--locked', '--quiet', '--target-dir', TARGET], {
    cwd: FOLDER,
    timeout: BUILD_MS_MAX,
  });
  const child = spawn(`${TARGET}release/bioscope-bench-cedar`, { stdio: ['pipe', 'pipe', 'inherit'], timeout: RUN_MS_MAX });
  const ended = once(child, 'exit');
  child.stdin.end(JSON.stringify({ policies: POLICIES, ...options, requests: requests.map(callOf) }));
  const [answer, [code]] = await Promise.all([text(child.stdout), ended]);
  if (code !== 0) throw new Error(`native Cedar ended with ${String(code)}`);
  return JSON.parse(answer) as NativeResult;
}
