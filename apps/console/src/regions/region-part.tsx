import { RegionState, type Region, type RegionNow, type Run } from '@bioscope/regions/contract';
import type { ReactNode } from 'react';
import type { Call } from '../api/call.ts';
import { Bar } from '../design/bar.tsx';
import { clock, percent, perSecond, smallShare } from '../design/format.ts';
import { Mark, type Tone } from '../design/mark.tsx';
import { texts } from '../texts.ts';
import type { RegionLaidOut } from './lay-out.ts';
import { LeadRegion } from './lead-region.tsx';
import { ProcessRows } from './process-rows.tsx';
import { RunSteps } from './run-steps.tsx';
import { ZoneCard } from './zone-card.tsx';

type RegionProps = {
  call: Call;
  region: RegionLaidOut;
  /** Edition → bytes that every appliance should hold. */
  planned: Readonly<Record<string, number>>;
  /** The run of this region that goes on. */
  running: Run | null;
  isHearing: boolean;
  begun: () => void;
};

const TONES: Readonly<Partial<Record<RegionState, Tone>>> = {
  [RegionState.SERVING]: 'good',
  [RegionState.EVACUATING]: 'busy',
  [RegionState.EVACUATED]: 'quiet',
  [RegionState.RESTORING]: 'busy',
};

/** One region: how it is treated and why, what it does, and what runs in its zones. */
export function RegionPart({ call, region, planned, running, isHearing, begun }: RegionProps): ReactNode {
  const words = texts.regions;
  const { name, now, zones, processes } = region;
  const id = `region-${name}`;
  return (
    <section className="part" aria-labelledby={id}>
      <div className="card-head actions">
        <div className="actions">
          <h2 id={id}>{words.region(name)}</h2>
          {now?.region === undefined ? null : <Standing region={now.region} />}
        </div>
        {now?.region === undefined ? null : <LeadRegion call={call} now={now} isHearing={isHearing} begun={begun} />}
      </div>
      {now?.region === undefined ? null : <Figures now={now} region={now.region} />}
      {running === null ? null : <RunSteps run={running} isLive />}
      <ul className="cards">
        {zones.map((zone) => (
          <ZoneCard key={zone.name} zone={zone} region={name} planned={planned} isReporting={now !== null} />
        ))}
      </ul>
      {processes.length === 0 ? null : <ProcessRows processes={processes} place={words.region(name)} />}
    </section>
  );
}

function Standing({ region: { state, health } }: { region: Region }): ReactNode {
  const words = texts.regions;
  const isWell = health?.well ?? true;
  return (
    <>
      <Mark tone={TONES[state] ?? 'quiet'}>{words.state[state] ?? words.state[0]}</Mark>
      <Mark tone={isWell ? 'good' : 'bad'}>{isWell ? words.well : words.ill}</Mark>
    </>
  );
}

function Figures({ now, region }: { now: RegionNow; region: Region }): ReactNode {
  const words = texts.regions;
  const { health, note, weight, bridgeShare, bridgeTo, load, capacityPerSecond } = region;
  return (
    <>
      {health === undefined || health.well ? null : <p className="bad">{words.illSince(clock(health.sinceMs), health.reason)}</p>}
      {note === '' ? null : <p className="quiet">{note}</p>}
      <dl className="facts facts-two">
        <div>
          <dt>{words.arrive}</dt>
          <dd>{words.arriveText(perSecond(now.arrivedPerSecond), perSecond(now.servedPerSecond))}</dd>
        </div>
        <div>
          <dt>{words.weight}</dt>
          <dd>
            <Bar share={weight} label={`${words.weight}, ${words.region(region.name)}`} /> {percent(weight)}
          </dd>
        </div>
        <div>
          <dt>{words.fail}</dt>
          <dd>{smallShare(now.errorRate)}</dd>
        </div>
        <div>
          <dt>{words.bridged}</dt>
          <dd>
            <Bar share={bridgeShare} label={`${words.bridged}, ${words.region(region.name)}`} />{' '}
            {words.bridgedTo(percent(bridgeShare), bridgeTo)}
          </dd>
        </div>
        <div>
          <dt>{words.startsHere}</dt>
          <dd>{words.startsText(perSecond(now.startsPerSecond), smallShare(now.startFailureRate))}</dd>
        </div>
        <div>
          <dt>{words.load}</dt>
          <dd>
            <Bar share={load} label={words.loadOf(words.region(region.name))} /> {percent(load)}
          </dd>
        </div>
        <div>
          <dt>{words.gateways}</dt>
          <dd>{now.reporting}</dd>
        </div>
        <div>
          <dt>{words.capacity}</dt>
          <dd>{capacityPerSecond > 0 ? words.capacityText(perSecond(capacityPerSecond)) : words.unknown}</dd>
        </div>
      </dl>
    </>
  );
}
