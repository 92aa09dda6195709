import type { Appliance } from '@bioscope/control/contract';
import type { ReactNode } from 'react';
import { shareHeld } from '../appliances/holdings.ts';
import { percent } from '../design/format.ts';
import { Mark } from '../design/mark.tsx';
import { texts } from '../texts.ts';
import type { ZoneLaidOut } from './lay-out.ts';
import { LoadOf } from './load-of.tsx';
import { ProcessRows } from './process-rows.tsx';

type ZoneProps = {
  zone: ZoneLaidOut;
  region: string;
  planned: Readonly<Record<string, number>>;
  /** Where nobody watches over regions gateways report to nobody, and nothing is said of them. */
  isReporting: boolean;
};

/** One zone: its gateways, its processes and its appliances. */
export function ZoneCard({ zone, region, planned, isReporting }: ZoneProps): ReactNode {
  const words = texts.regions;
  const place = `${words.zone(zone.name)}, ${words.region(region)}`;
  return (
    <li className="card zone">
      <h3>{words.zone(zone.name)}</h3>
      {isReporting ? <Gateways zone={zone} /> : null}
      <h4>{words.processes}</h4>
      <ProcessRows processes={zone.processes} place={place} />
      {zone.appliances.length === 0 ? null : (
        <>
          <h4>{words.appliances}</h4>
          <ul className="rows">
            {zone.appliances.map((appliance) => (
              <ApplianceRow key={appliance.id} appliance={appliance} planned={planned} />
            ))}
          </ul>
        </>
      )}
    </li>
  );
}

function Gateways({ zone: { gateways } }: { zone: ZoneLaidOut }): ReactNode {
  const words = texts.regions;
  return (
    <>
      <h4>{words.gateways}</h4>
      {gateways.length === 0 ? <p className="quiet">{words.noGateways}</p> : null}
      <ul className="rows">
        {gateways.map(({ address, healthy, load }) => (
          <li key={address} className="row">
            <code>{address}</code>
            <span className="row-side">
              <Mark tone={healthy ? 'good' : 'bad'}>{healthy ? words.healthy : words.silent}</Mark>
              <LoadOf name={address} load={load} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function ApplianceRow({ appliance, planned }: { appliance: Appliance; planned: ZoneProps['planned'] }): ReactNode {
  const words = texts.regions;
  const { id, site, healthy, troubles, load } = appliance;
  return (
    <li className="row">
      <span className="row-main">
        <span>
          {id} <span className="quiet">{words.site(site)}</span>
        </span>
        <span className="quiet">{words.filling(percent(shareHeld(appliance, planned)))}</span>
        {troubles.map((trouble) => (
          <span key={trouble} className="bad">
            {trouble}
          </span>
        ))}
      </span>
      <span className="row-side">
        <Mark tone={healthy ? (troubles.length > 0 ? 'busy' : 'good') : 'bad'}>{healthy ? words.healthy : words.silent}</Mark>
        <LoadOf name={id} load={load} />
      </span>
    </li>
  );
}
