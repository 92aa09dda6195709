import type { ReactNode } from 'react';
import { Link } from '../design/link.tsx';
import { pathOf } from '../router.ts';
import { text } from '../texts.ts';
import { PageFrame } from './page-frame.tsx';

export function NotFoundPage(): ReactNode {
  return (
    <PageFrame documentTitle={text('app.pageName', { page: text('problem.notFoundTitle') })}>
      <section className="problem">
        <h1>{text('problem.notFoundTitle')}</h1>
        <p>{text('problem.notFoundText')}</p>
        <div className="actions">
          <Link to={pathOf.home} className="button button-light">
            {text('problem.home')}
          </Link>
        </div>
      </section>
    </PageFrame>
  );
}
