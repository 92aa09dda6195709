import type { ExplainResponse } from '../contract/index.ts';

/** What `Explain` answered, for a terminal. */
export function explanationLines(answer: ExplainResponse): string[] {
  const { name, client, addresses, ttlSeconds, scopePrefix, steered, region, because } = answer;
  return [
    `${name} for ${client}: ${addresses.length === 0 ? 'no addresses' : addresses.join(' ')}`,
    ...(addresses.length === 0
      ? []
      : [`TTL ${ttlSeconds} s, the same for ${scopePrefix === 0 ? 'everybody' : `the client's /${scopePrefix}`}`]),
    ...(steered && region !== '' ? [`region ${region}`] : []),
    ...because.map((step, i) => `${i + 1}. ${step}`),
  ];
}
