import type { ReactNode } from 'react';
import { Icon } from '../design/icon.tsx';
import { text } from '../texts.ts';
import type { KeptStanding } from './use-standing.ts';

/** Whether one liked it. Pressing what is pressed takes it back. */
export function Thumbs({ standing }: { standing: Pick<KeptStanding, 'thumb' | 'setThumb'> }): ReactNode {
  const { thumb, setThumb } = standing;
  return (
    <fieldset className="thumbs">
      <legend className="visually-hidden">{text('thumbs.group')}</legend>
      {(['UP', 'DOWN'] as const).map((each) => {
        const label = each === 'UP' ? text('thumbs.up') : text('thumbs.down');
        return (
          <button
            key={each}
            type="button"
            className="button button-round"
            aria-pressed={thumb === each}
            aria-label={label}
            title={thumb === each ? text('thumbs.remove') : label}
            onClick={() => setThumb(thumb === each ? 'NONE' : each)}
          >
            <Icon name={each === 'UP' ? 'thumbUp' : 'thumbDown'} />
          </button>
        );
      })}
      <output className="visually-hidden">{thumb === 'NONE' ? '' : text('thumbs.thanks')}</output>
    </fieldset>
  );
}
