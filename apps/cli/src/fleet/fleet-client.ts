import { Complaint } from '../command.ts';
import type { Member } from './fleet.ts';

/** The fleet of a running service, for commands. Each call rejects with a Complaint that says why it was refused. */
export type FleetClient = {
  members(): Promise<readonly Member[]>;
  kill(place: string): Promise<void>;
  hold(place: string, forMs: number): Promise<void>;
  release(place: string): Promise<void>;
  restart(place: string): Promise<void>;
  /** Hears of each process as its turn comes. */
  restartAll(told: (place: string) => void): Promise<void>;
};

/** A restart waits for the new process to be ready. */
const DEADLINE_MS = 300_000;

export function fleetClient({ address, operatorToken }: { readonly address: string; readonly operatorToken: string }): FleetClient {
  async function call(method: 'GET' | 'POST', path: string, deadlineMs = DEADLINE_MS): Promise<Response> {
    const answer = await fetch(`http://${address}${path}`, {
      method,
      headers: { authorization: `Bearer ${operatorToken}` },
      signal: AbortSignal.timeout(deadlineMs),
    });
    if (!answer.ok) throw new Complaint((await answer.text()).trim());
    return answer;
  }
  const act = async (place: string, action: string): Promise<void> => {
    await (await call('POST', `/members/${encodeURIComponent(place)}/${action}`)).arrayBuffer();
  };
  return {
    members: async () => (await (await call('GET', '/members')).json()) as readonly Member[],
    kill: (place) => act(place, 'kill'),
    hold: (place, forMs) => act(place, `hold?ms=${forMs}`),
    release: (place) => act(place, 'release'),
    restart: (place) => act(place, 'restart'),
    async restartAll(told) {
      const { body } = await call('POST', '/restart', DEADLINE_MS * PLACES_MAX);
      const decoder = new TextDecoder();
      let rest = '';
      for await (const chunk of body ?? []) {
        const lines = `${rest}${decoder.decode(chunk as Uint8Array, { stream: true })}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) told(line);
      }
    },
  };
}

/** No deployment of one machine has more. */
const PLACES_MAX = 400;
