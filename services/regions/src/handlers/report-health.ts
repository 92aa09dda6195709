import { RpcError } from '@bioscope/rpc';
import type { ReportHealthRequest } from '../../contract/index.ts';
import { checkReport } from '../domain/check-report.ts';
import { GATEWAYS_MAX } from '../store.ts';
import type { RegionsStore } from '../store.ts';
import type { Watching } from '../watch-regions.ts';
import { REGIONS_MAX } from '../config.ts';

export async function reportHealth(
  on: { readonly store: Pick<RegionsStore, 'putReport'>; readonly watching: Pick<Watching, 'outlook'>; nowMs(): number },
  request: ReportHealthRequest,
): Promise<Record<string, never>> {
  const checked = checkReport(request, on.nowMs());
  if ('wrong' in checked) throw new RpcError('invalid_argument', checked.wrong);
  const { report } = checked;
  const outlook = on.watching.outlook();
  if (outlook !== null) {
    const gateways = [...outlook.measured.values()].flatMap((measured) => measured.gateways);
    const isNew = !gateways.some(({ address }) => address === report.address);
    if (isNew && gateways.length >= GATEWAYS_MAX) throw new RpcError('resource_exhausted', `at most ${GATEWAYS_MAX} gateways`);
    if (!outlook.regions.includes(report.region) && outlook.regions.length >= REGIONS_MAX)
      throw new RpcError('resource_exhausted', `at most ${REGIONS_MAX} regions`);
  }
  await on.store.putReport(report);
  return {};
}
