import type { Appliance } from '@bioscope/control/contract';
import type { ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { Bar } from '../design/bar.tsx';
import { ago, bytes, percent } from '../design/format.ts';
import { Mark } from '../design/mark.tsx';
import { Known } from '../design/trouble.tsx';
import { Page } from '../frame/page.tsx';
import { texts } from '../texts.ts';
import { filledOf, shareHeld } from './holdings.ts';
import { useAppliances } from './use-appliances.ts';

/** Every appliance. */
export function AppliancesPage({ doors }: { doors: Pick<Doors, 'call'> }): ReactNode {
  const { remote, refresh } = useAppliances(doors.call);
  return (
    <Page name={texts.appliances.title}>
      <Known remote={remote} retry={refresh}>
        {({ picture, seenAtMs }) =>
          picture.appliances.length === 0 ? (
            <p className="quiet">{texts.appliances.none}</p>
          ) : (
            <ul className="cards">
              {picture.appliances.map((appliance) => (
                <ApplianceCard key={appliance.id} appliance={appliance} planned={picture.editionBytes} nowMs={seenAtMs} />
              ))}
            </ul>
          )
        }
      </Known>
    </Page>
  );
}

type CardProps = { appliance: Appliance; planned: Readonly<Record<string, number>>; nowMs: number };

function ApplianceCard({ appliance, planned, nowMs }: CardProps): ReactNode {
  const words = texts.appliances;
  const diskUsed = appliance.diskTotalBytes > 0 ? 1 - appliance.diskFreeBytes / appliance.diskTotalBytes : 0;
  const filling = filledOf(appliance, planned);
  return (
    <li className="card">
      <div className="card-head">
        <h2>{appliance.id}</h2>
        <Mark tone={appliance.healthy ? (appliance.troubles.length > 0 ? 'busy' : 'good') : 'bad'}>
          {appliance.healthy ? words.healthy : words.silent}
        </Mark>
      </div>
      <p className="quiet">
        {appliance.baseUrl} · {words.place(appliance.site, appliance.zone, appliance.region)}
      </p>
      {appliance.troubles.map((trouble) => (
        <p key={trouble} className="bad">
          {trouble}
        </p>
      ))}
      <dl className="facts">
        <div>
          <dt>{words.load}</dt>
          <dd>
            <Bar share={appliance.load} label={`${words.load}, ${appliance.id}`} /> {percent(appliance.load)}
          </dd>
        </div>
        <div>
          <dt>{words.disk}</dt>
          <dd>
            <Bar share={diskUsed} label={`${words.disk}, ${appliance.id}`} />{' '}
            {words.diskText(bytes(appliance.diskFreeBytes), bytes(appliance.diskTotalBytes))}
          </dd>
        </div>
        <div>
          <dt>{words.holds}</dt>
          <dd>
            <Bar share={shareHeld(appliance, planned)} label={`${words.holds}, ${appliance.id}`} />{' '}
            {words.holdsText(appliance.editions.length, Object.keys(planned).length)}
          </dd>
        </div>
        <div>
          <dt>{words.reported}</dt>
          <dd>{ago(appliance.reportedAtMs, nowMs)}</dd>
        </div>
      </dl>
      {filling.length === 0 ? null : (
        <details>
          <summary>{words.editions}</summary>
          <ul className="lines">
            {filling.map(({ editionId, share }) => (
              <li key={editionId}>
                <code>{editionId}</code> {share === 1 ? words.complete : share > 0 ? words.partly(percent(share)) : words.absent}
              </li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
