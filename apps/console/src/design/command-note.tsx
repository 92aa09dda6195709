import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { explain } from './trouble.tsx';
import type { CommandState } from './use-command.ts';

/** What became of a command, beside its button. Screen readers are told when it changes. */
export function CommandNote({ state }: { state: CommandState }): ReactNode {
  return (
    <output className={`command-note command-${state.kind}`}>
      {state.kind === 'running' ? texts.saving : state.kind === 'done' ? texts.saved : state.kind === 'failed' ? explain(state.error) : ''}
    </output>
  );
}
