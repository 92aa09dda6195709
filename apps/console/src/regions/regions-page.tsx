import type { ListInstancesResponse } from '@bioscope/discovery/contract';
import type { ShowRegionsResponse } from '@bioscope/regions/contract';
import type { ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import type { Remote } from '../api/use-remote.ts';
import { useAppliances, type SeenAppliances } from '../appliances/use-appliances.ts';
import { explain, Known } from '../design/trouble.tsx';
import { Page, Part } from '../frame/page.tsx';
import { texts } from '../texts.ts';
import { BreakagePart } from './breakage-part.tsx';
import { layOut } from './lay-out.ts';
import { Overall } from './overall.tsx';
import { ProcessRows } from './process-rows.tsx';
import { RegionPart } from './region-part.tsx';
import { RunsPart } from './runs-part.tsx';
import { useInstances, useRegions } from './use-regions.ts';

type PageProps = { doors: Pick<Doors, 'call'> };
type PlacesProps = PageProps & { instances: ListInstancesResponse; appliances: Remote<SeenAppliances> };

/** Where everything runs and how it is, and the traffic between regions, which is led from here. */
export function RegionsPage({ doors }: PageProps): ReactNode {
  const { remote, refresh } = useInstances(doors.call);
  const appliances = useAppliances(doors.call);
  return (
    <Page name={texts.regions.title}>
      <Known remote={remote} retry={refresh}>
        {(instances) => {
          const known = { doors, instances, appliances: appliances.remote };
          return instances.instances.some(({ service }) => service === 'regions') ? <WatchedOver {...known} /> : <OneRegion {...known} />;
        }}
      </Known>
    </Page>
  );
}

function OneRegion(props: PlacesProps): ReactNode {
  return (
    <>
      <p className="quiet">
        {texts.regions.absent} <code>{texts.regions.absentCommand}</code>.
      </p>
      <Places {...props} shown={null} refresh={() => undefined} />
    </>
  );
}

function WatchedOver(props: PlacesProps): ReactNode {
  const { call } = props.doors;
  const { remote, refresh } = useRegions(call);
  return (
    <>
      <Known remote={remote} retry={refresh}>
        {(shown) => (
          <>
            {shown.hearing ? null : <output className="stale">{texts.regions.deaf}</output>}
            <Overall regions={shown.regions} />
            {shown.breakage === undefined ? null : <BreakagePart breakage={shown.breakage} />}
          </>
        )}
      </Known>
      <Places {...props} shown={remote.kind === 'ready' ? remote.value : null} refresh={refresh} />
      <RunsPart call={call} runningId={remote.kind === 'ready' ? (remote.value.running?.id ?? '') : ''} />
    </>
  );
}

type ShownProps = PlacesProps & { shown: ShowRegionsResponse | null; refresh: () => void };

function Places({ doors, instances, appliances, shown, refresh }: ShownProps): ReactNode {
  const picture = appliances.kind === 'ready' ? appliances.value.picture : null;
  const { regions, outside } = layOut({
    regions: shown?.regions ?? [],
    instances: instances.instances,
    appliances: picture?.appliances ?? [],
  });
  return (
    <>
      {instances.preserving ? <output className="stale">{texts.regions.preserving}</output> : null}
      {appliances.kind === 'failed' ? <p className="bad">{explain(appliances.error)}</p> : null}
      {regions.length === 0 ? <p className="quiet">{texts.regions.none}</p> : null}
      {regions.map((region) => (
        <RegionPart
          key={region.name}
          call={doors.call}
          region={region}
          planned={picture?.editionBytes ?? {}}
          running={shown?.running?.region === region.name ? shown.running : null}
          isHearing={shown?.hearing ?? false}
          begun={refresh}
        />
      ))}
      {outside.length === 0 ? null : (
        <Part name={texts.regions.outside} id="outside">
          <ProcessRows processes={outside} place={texts.regions.outside} />
        </Part>
      )}
    </>
  );
}
