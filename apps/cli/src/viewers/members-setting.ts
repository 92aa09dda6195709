import type { RunFile } from '../state/run-file.ts';
import { exchange } from '../service/http-exchange.ts';

const DEADLINE_MS = 5_000;

/** Whether the service has members, as its app's page says it. */
export async function hasMembers({ app, port }: Pick<RunFile, 'app' | 'port'>): Promise<boolean> {
  const hostHeader = new URL(app).host;
  const answer = await exchange({ address: '127.0.0.1', port, hostHeader, method: 'GET', path: '/', headers: {}, idleMs: DEADLINE_MS });
  const settings = /<script[^>]*id="settings"[^>]*>([^<]*)<\/script>/.exec(answer.body.toString())?.[1];
  if (settings === undefined) throw new Error(`the page at ${app} has no settings`);
  return (JSON.parse(settings) as { members?: string }).members === 'required';
}
