import type { ReactNode } from 'react';
import { texts } from '../texts.ts';
import { Page } from './page.tsx';

/** Around what is shown before somebody is signed in. */
export function EntranceFrame({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <main id="content" className="entrance">
      <p className="wordmark">
        {texts.appName} <span>{texts.console}</span>
      </p>
      <Page name={name}>{children}</Page>
    </main>
  );
}
