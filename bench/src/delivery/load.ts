import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export type LoadRequest = {
  readonly host: string;
  readonly port: number;
  /** One for each request. */
  readonly paths: readonly string[];
  readonly connections: number;
  /** Every answer must be 200 with a body of this length. */
  readonly bodyBytes: number;
};
export type LoadAnswer = { readonly bytes: number; readonly seconds: number };

/** A client in a process of its own, so that its CPU and its pauses are not the server's. */
export type Load = { run(request: LoadRequest): Promise<LoadAnswer>; stop(): void };

export function startLoad(): Load {
  const child = fork(join(import.meta.dirname, 'load-process.ts'));
  const ended = new AbortController();
  child.once('exit', () => ended.abort(new Error('the load process ended')));
  return {
    async run(request) {
      child.send(request);
      const [answer] = (await once(child, 'message', { signal: ended.signal })) as [LoadAnswer | { error: string }];
      if ('error' in answer) throw new Error(answer.error);
      return answer;
    },
    stop() {
      child.disconnect();
    },
  };
}
