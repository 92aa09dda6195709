import { useEffect, type ReactNode } from 'react';
import { texts } from '../texts.ts';

/** A page's heading and what follows. `name` is also the document's title. */
export function Page({
  name,
  above,
  aside,
  children,
}: {
  name: string;
  above?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
}): ReactNode {
  useEffect(() => {
    document.title = texts.pageTitle(name);
  }, [name]);
  return (
    <>
      {above}
      <div className="page-head">
        <h1>{name}</h1>
        {aside}
      </div>
      {children}
    </>
  );
}

/** A part of a page with its own heading. */
export function Part({ name, id, children }: { name: string; id: string; children: ReactNode }): ReactNode {
  return (
    <section className="part" aria-labelledby={id}>
      <h2 id={id}>{name}</h2>
      {children}
    </section>
  );
}
