import type { Breakage } from '@bioscope/regions/contract';
import type { ReactNode } from 'react';
import { runtime } from '../design/format.ts';
import { Part } from '../frame/page.tsx';
import { texts } from '../texts.ts';
import { describeFault } from './describe-fault.ts';

/** The faults of experiments that are under way; nothing where no process takes faults. */
export function BreakagePart({ breakage }: { breakage: Breakage }): ReactNode {
  const words = texts.regions;
  if (!breakage.possible) return null;
  return (
    <Part name={words.broken} id="broken">
      {breakage.known ? null : <p className="bad">{words.brokenUnknown}</p>}
      {breakage.known && breakage.faults.length === 0 ? <p className="quiet">{words.brokenNothing}</p> : null}
      <ul className="rows">
        {breakage.faults.map((fault) => (
          <li key={fault.id} className="row">
            <span className="row-main">
              <strong>{fault.id}</strong>
              {describeFault(fault)}
            </span>
            <span className="quiet">{words.healsIn(runtime(Math.max(1_000, fault.leaseMsLeft)))}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}
