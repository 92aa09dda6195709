import type { ReactNode } from 'react';
import { runtime } from '../design/format.ts';
import { Mark } from '../design/mark.tsx';
import { texts } from '../texts.ts';
import type { Process } from './lay-out.ts';
import { LoadOf } from './load-of.tsx';

/** The processes of one place with the units that they serve. */
export function ProcessRows({ processes, place }: { processes: readonly Process[]; place: string }): ReactNode {
  const words = texts.regions;
  if (processes.length === 0) return <p className="quiet">{words.noProcesses}</p>;
  return (
    <ul className="rows" aria-label={words.processesOf(place)}>
      {processes.map(({ id, address, units, load, upMs, isDoubtful }) => (
        <li key={id} className="process">
          <span className="row-side">
            <code>{address}</code>
            {isDoubtful ? <Mark tone="bad">{words.doubtful}</Mark> : null}
            <span className="quiet">{words.up(runtime(upMs))}</span>
          </span>
          <LoadOf name={address} load={load} />
          <span className="units">{units.join(', ')}</span>
        </li>
      ))}
    </ul>
  );
}
