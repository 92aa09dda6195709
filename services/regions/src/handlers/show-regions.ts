import type { MessageInitShape } from '@bufbuild/protobuf';
import { RpcError } from '@bioscope/rpc';
import type { BreakageSchema, ProspectSchema, RegionNowSchema, ShowRegionsResponseSchema } from '../../contract/index.ts';
import { beginEvacuation, beginRestore } from '../domain/begin-run.ts';
import type { Wanted } from '../domain/begin-run.ts';
import { activeRun } from '../domain/course.ts';
import { measuredOf } from '../domain/outlook.ts';
import type { Outlook } from '../domain/outlook.ts';
import type { RegionShown } from '../domain/show-picture.ts';
import { regionMessage, runMessage } from '../messages.ts';
import type { Watching } from '../watch-regions.ts';

/** Everything that an operator looks at before leading a region's traffic away, in one answer. */
export async function showRegions(on: {
  readonly watching: Pick<Watching, 'picture' | 'outlook'>;
  /** What is broken on purpose. Never rejects. */
  breakage(): Promise<MessageInitShape<typeof BreakageSchema>>;
  nowMs(): number;
}): Promise<MessageInitShape<typeof ShowRegionsResponseSchema>> {
  const breakage = await on.breakage();
  const picture = on.watching.picture();
  const outlook = on.watching.outlook();
  if (picture === null || outlook === null)
    throw new RpcError('unavailable', 'this instance cannot see the regions now', { surelyNotRun: true });
  const running = activeRun(outlook.course);
  return {
    nowMs: on.nowMs(),
    hearing: outlook.hearing,
    regions: picture.regions.map((region) => regionNow(outlook, region)),
    breakage,
    ...(running === undefined ? {} : { running: runMessage(running) }),
  };
}

function regionNow(outlook: Outlook, region: RegionShown): MessageInitShape<typeof RegionNowSchema> {
  const { arrivedPerSecond, bridgedPerSecond, servedPerSecond, errorRate, startsPerSecond, startFailureRate, reporting } = measuredOf(
    outlook,
    region.name,
  );
  return {
    region: regionMessage(region),
    arrivedPerSecond,
    bridgedPerSecond,
    servedPerSecond,
    errorRate,
    startsPerSecond,
    startFailureRate,
    reporting,
    evacuation: prospect(beginEvacuation, outlook, region.name),
    restoring: prospect(beginRestore, outlook, region.name),
  };
}

/** Beginning is a pure decision: what it would say is what it says. */
function prospect(
  begin: typeof beginEvacuation | typeof beginRestore,
  outlook: Outlook,
  region: string,
): MessageInitShape<typeof ProspectSchema> {
  const wanted: Wanted = { id: 'prospect', region, reason: '', by: '', force: false };
  const outcome = begin(outlook, wanted);
  if (outcome.kind === 'refused') return { refused: outcome.code, text: outcome.text };
  const text = outcome.events.map((event) => (event.type === 'run.stepped' ? event.text : '')).join('');
  return { refused: '', text };
}
