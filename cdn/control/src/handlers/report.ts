import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { APPLIANCE_ID, type Appliance, type ReportRequest, type ReportResponseSchema } from '../../contract/index.ts';
import { planFor } from '../domain/plan.ts';
import type { Holdings } from '../holdings.ts';
import type { Keys } from '../keys.ts';
import { APPLIANCES_MAX, type Picture } from '../picture.ts';

export function report(
  on: { readonly holdings: Holdings; readonly picture: Picture; readonly keys: Keys; readonly reportEveryMs: number },
  request: ReportRequest,
): MessageInitShape<typeof ReportResponseSchema> {
  const appliance = request.appliance;
  const problem = problemWithAppliance(appliance);
  if (problem !== null || appliance === undefined) throw new RpcError('invalid_argument', problem ?? 'appliance: missing');
  const shown = on.keys.isCurrent(request.knownKeysVersion) ? appliance : withoutKeys(appliance);
  if (!on.picture.report(shown)) {
    throw new RpcError('resource_exhausted', `${APPLIANCES_MAX} appliances are known; no room for ${appliance.id}`);
  }
  const plan = planFor({ applianceId: appliance.id, editions: on.holdings.all(), appliances: on.picture.appliances() });
  const keys = on.keys.current();
  return {
    planVersion: plan.version,
    ...(plan.version === request.knownPlanVersion ? {} : { plan: { editions: [...plan.editions], peers: [...plan.peers] } }),
    keysVersion: keys.version,
    keys: keys.version === request.knownKeysVersion ? [] : keys.keys,
    nextReportMs: on.reportEveryMs,
  };
}

/** It would refuse every token that is signed now. */
function withoutKeys(appliance: Appliance): Appliance {
  return { ...appliance, healthy: false, troubles: [...appliance.troubles, 'does not have the current token key yet'] };
}

const TROUBLES_MAX = 50;
const EDITIONS_MAX = 10_000;

function problemWithAppliance(appliance: Appliance | undefined): string | null {
  if (appliance === undefined) return 'appliance: missing; say who reports';
  if (!APPLIANCE_ID.test(appliance.id))
    return `appliance.id: ${JSON.stringify(appliance.id.slice(0, 64))} must match ${APPLIANCE_ID.source}`;
  if (!/^https?:\/\/[^/?#\s]+$/.test(appliance.baseUrl))
    return 'appliance.base_url: must be scheme, host and port without a slash at the end';
  if (!(appliance.load >= 0 && appliance.load <= 1)) return `appliance.load: ${appliance.load} must lie between 0 and 1`;
  if (appliance.troubles.length > TROUBLES_MAX) return `appliance.troubles: at most ${TROUBLES_MAX}`;
  if (appliance.editions.length > EDITIONS_MAX) return `appliance.editions: at most ${EDITIONS_MAX}`;
  return null;
}
