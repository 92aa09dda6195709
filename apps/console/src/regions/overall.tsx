import type { RegionNow } from '@bioscope/regions/contract';
import type { ReactNode } from 'react';
import { perSecond, smallShare } from '../design/format.ts';
import { texts } from '../texts.ts';
import { sumOf } from './sum-of.ts';

/** All regions together. */
export function Overall({ regions }: { regions: readonly RegionNow[] }): ReactNode {
  const words = texts.regions;
  const sum = sumOf(regions);
  return (
    <dl className="figures">
      <div>
        <dt>{words.starts}</dt>
        <dd>{perSecond(sum.startsPerSecond)}</dd>
      </div>
      <div>
        <dt>{words.startsLost}</dt>
        <dd>{smallShare(sum.startFailureRate)}</dd>
      </div>
      <div>
        <dt>{words.requests}</dt>
        <dd>{perSecond(sum.arrivedPerSecond)}</dd>
      </div>
      <div>
        <dt>{words.requestsLost}</dt>
        <dd>{smallShare(sum.errorRate)}</dd>
      </div>
    </dl>
  );
}
