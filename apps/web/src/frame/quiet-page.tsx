import type { ReactNode } from 'react';
import { PageFrame } from '../catalogue/page-frame.tsx';
import { text } from '../texts.ts';

type QuietPageProps = {
  /** For the title of the window. */
  name: string;
  heading: string;
  lead?: ReactNode;
  /** Above the heading, small. */
  step?: string | undefined;
  /** Room for cards side by side. */
  wide?: boolean;
  /** Room for what reads from top to bottom, but has much to say. */
  broad?: boolean;
  children?: ReactNode;
};

/** A page with one thing to do. */
export function QuietPage({ name, heading, lead, step, wide = false, broad = false, children }: QuietPageProps): ReactNode {
  return (
    <PageFrame documentTitle={text('app.pageName', { page: name })}>
      <section className={`quiet${wide ? ' quiet-wide' : ''}${broad ? ' quiet-broad' : ''}`}>
        {step === undefined ? null : <p className="quiet-step">{step}</p>}
        <h1>{heading}</h1>
        {lead === undefined ? null : <p className="quiet-lead">{lead}</p>}
        {children}
      </section>
    </PageFrame>
  );
}
