import { parseRoutes, type Route } from './domain/routes.ts';

export type SteeringConfig = {
  readonly routes: readonly Route[];
  /** Sites that serve only clients whose networks are routed to them. */
  readonly partners: ReadonlySet<string>;
  /** Where this instance runs. */
  readonly region: string;
};

/**
 * Reads BIOSCOPE_STEERING_ROUTES: which client networks are near which sites, such as `10.0.0.0/8=site-a,2001:db8::/32=site-b`;
 * BIOSCOPE_STEERING_PARTNERS: sites for their own clients only, such as `campus,isp-7`; BIOSCOPE_REGION.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): SteeringConfig {
  try {
    const partners = (environment.BIOSCOPE_STEERING_PARTNERS ?? '').split(',').map((site) => site.trim());
    return {
      routes: parseRoutes(environment.BIOSCOPE_STEERING_ROUTES ?? ''),
      partners: new Set(partners.filter((site) => site !== '')),
      region: environment.BIOSCOPE_REGION ?? '',
    };
  } catch (cause) {
    throw new Error(`BIOSCOPE_STEERING_ROUTES: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
