import { webOperationsFile } from '@bioscope/web';
import type { Invocation } from '../command.ts';
import type { Secrets } from '../state/secrets.ts';
import { version } from '../version.ts';

/** What units find in the environment, whatever process they run in. */
export function serviceEnvironment(options: {
  readonly environment: Invocation['environment'];
  readonly folder: string;
  readonly secrets: Secrets;
  readonly ports: { readonly gateway: number; readonly cdn: number };
  readonly zone: string;
  readonly region: string;
}): Readonly<Record<string, string | undefined>> & { readonly BIOSCOPE_HOST: string } {
  const { environment, folder, secrets, ports, zone, region } = options;
  return {
    ...environment,
    BIOSCOPE_DATA: folder,
    BIOSCOPE_HOST: environment['BIOSCOPE_HOST'] || 'localhost',
    BIOSCOPE_PORT: String(ports.gateway),
    BIOSCOPE_CDN_PORT: String(ports.cdn),
    BIOSCOPE_OPERATOR_TOKEN: secrets.operatorToken,
    BIOSCOPE_SECRET: secrets.rootSecret,
    BIOSCOPE_VERSION: version(),
    BIOSCOPE_ZONE: zone,
    BIOSCOPE_REGION: region,
    BIOSCOPE_GRAPH_OPERATIONS: environment['BIOSCOPE_GRAPH_OPERATIONS'] || (webOperationsFile(environment) ?? ''),
  };
}
