import { parseRoutes, type Route } from './domain/routes.ts';

export type SteeringConfig = { readonly routes: readonly Route[] };

/** Reads BIOSCOPE_STEERING_ROUTES: which client networks are near which sites, such as `10.0.0.0/8=site-a,2001:db8::/32=site-b`. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): SteeringConfig {
  try {
    return { routes: parseRoutes(environment.BIOSCOPE_STEERING_ROUTES ?? '') };
  } catch (cause) {
    throw new Error(`BIOSCOPE_STEERING_ROUTES: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
