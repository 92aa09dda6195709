import type { ReactNode } from 'react';
import { Bar } from '../design/bar.tsx';
import { percent, runtime } from '../design/format.ts';
import { Mark } from '../design/mark.tsx';
import { texts } from '../texts.ts';
import type { Process } from './lay-out.ts';

/** The processes of one place with the units that they serve. */
export function ProcessTable({ processes, place }: { processes: readonly Process[]; place: string }): ReactNode {
  const words = texts.regions;
  if (processes.length === 0) return <p className="quiet">{words.noProcesses}</p>;
  return (
    <table className="table processes">
      <caption className="visually-hidden">{words.processesOf(place)}</caption>
      <thead>
        <tr>
          <th scope="col">{words.process}</th>
          <th scope="col">{words.units}</th>
          <th scope="col">{words.load}</th>
          <th scope="col" className="wide-only">
            {words.up}
          </th>
        </tr>
      </thead>
      <tbody>
        {processes.map(({ id, address, units, load, upMs, isDoubtful }) => (
          <tr key={id}>
            <th scope="row">
              <code>{address}</code> {isDoubtful ? <Mark tone="bad">{words.doubtful}</Mark> : null}
            </th>
            <td>{units.join(', ')}</td>
            <td>
              {percent(load)}
              <Bar share={load} label={words.loadOf(address)} />
            </td>
            <td className="wide-only">{runtime(upMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
