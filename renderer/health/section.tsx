import type { ReactNode } from 'react';

/** Figures of one kind under their name. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="health-section" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}
