import { pause } from '../clock.ts';
import { ask, type AskNeeds } from '../network/ask.ts';
import { readJson } from './play-session.ts';
import { orderPathways, type Pathways } from './pathways.ts';

const TTL_SECONDS_DEFAULT = 10;
/** A server that says zero would be asked without a pause. */
const TTL_SECONDS_MIN = 1;

/**
 * Asks the steering server of the manifest for the order of pathways as long as the film plays (ETSI TS 103 998, 6.3). A server that does not
 * answer is asked again after the last time to live: the player stays where it is.
 */
export async function followSteering(
  needs: AskNeeds & { readonly pathways: { value: Pathways } },
  steeringUrl: string,
  signal: AbortSignal,
): Promise<void> {
  let url = steeringUrl;
  let ttlSeconds = TTL_SECONDS_DEFAULT;
  while (!signal.aborted) {
    const asked = new URL(url);
    asked.searchParams.set('_DASH_pathway', `"${needs.pathways.value.order[0] ?? ''}"`);
    const answer = await ask(needs, { door: 'steering', url: asked.href, attemptsMax: 1, isQuiet: true, signal });
    const reply = answer.kind === 'answered' ? readReply(answer.sent.body) : undefined;
    if (reply !== undefined) {
      needs.pathways.value = orderPathways(needs.pathways.value, reply.priority);
      ttlSeconds = Math.max(TTL_SECONDS_MIN, reply.ttlSeconds);
      if (URL.canParse(reply.reloadUri, url)) url = new URL(reply.reloadUri, url).href;
    }
    await pause(needs.clock, ttlSeconds * 1000, signal);
  }
}

type Reply = { readonly priority: readonly string[]; readonly ttlSeconds: number; readonly reloadUri: string };

function readReply(body: Buffer): Reply | undefined {
  const reply = readJson(body) as Readonly<Record<string, unknown>> | undefined;
  const priority: unknown = reply?.['PATHWAY-PRIORITY'];
  if (reply?.['VERSION'] !== 1 || !Array.isArray(priority)) return undefined;
  const ttl = reply['TTL'];
  const reload = reply['RELOAD-URI'];
  return {
    priority: priority.filter((id) => typeof id === 'string'),
    ttlSeconds: typeof ttl === 'number' ? ttl : TTL_SECONDS_DEFAULT,
    reloadUri: typeof reload === 'string' ? reload : '',
  };
}
