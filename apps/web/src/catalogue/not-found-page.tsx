import type { ReactNode } from 'react';
import { Link } from '../design/link.tsx';
import { pathOf } from '../router.ts';
import { texts } from '../texts.ts';
import { PageFrame } from './page-frame.tsx';

export function NotFoundPage(): ReactNode {
  return (
    <PageFrame documentTitle={`${texts.problem.notFoundTitle} · ${texts.appName}`}>
      <section className="problem">
        <h1>{texts.problem.notFoundTitle}</h1>
        <p>{texts.problem.notFoundText}</p>
        <div className="actions">
          <Link to={pathOf.home} className="button button-light">
            {texts.problem.home}
          </Link>
        </div>
      </section>
    </PageFrame>
  );
}
