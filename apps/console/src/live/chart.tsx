import { useId, type ReactNode } from 'react';
import { texts } from '../texts.ts';
import { columnsOf, summaryOf } from './columns.ts';

type ChartProps = { name: string; values: readonly number[]; tone: 'good' | 'bad' };

/** One column per second, the newest on the right. What it shows is also said in words below it. */
export function Chart({ name, values, tone }: ChartProps): ReactNode {
  const captionId = useId();
  const { path, top } = columnsOf(values);
  return (
    <figure className={`chart chart-${tone}`}>
      <svg role="img" aria-label={name} aria-describedby={captionId} viewBox={`0 0 ${values.length} ${top}`} preserveAspectRatio="none">
        <path d={path} />
      </svg>
      <div className="chart-scale" aria-hidden="true">
        <span>{texts.live.count(top)}</span>
        <span>0</span>
      </div>
      <div className="chart-time" aria-hidden="true">
        <span>{texts.live.twoMinutesAgo}</span>
        <span>{texts.live.now}</span>
      </div>
      <figcaption id={captionId} className="quiet">
        {texts.live.summary(summaryOf(values))}
      </figcaption>
    </figure>
  );
}
