import { Component, type ReactNode } from 'react';

import { messageOf } from '../../app/base/message-of.ts';
import { textOf } from '../locale/use-text.ts';
import { readStudio } from '../state/studio-store.ts';

interface Props {
  readonly children: ReactNode;
}

interface State {
  readonly fault: string | null;
}

/** A bug in the page must not leave an empty window: main goes on, and a reload shows everything again. */
export class FaultBoundary extends Component<Props, State> {
  override state: State = { fault: null };

  static getDerivedStateFromError(cause: unknown): State {
    return { fault: messageOf(cause) };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    const text = textOf(readStudio().locale);
    return (
      <main className="page-fault" role="alert">
        <h1>{text.pageFaultTitle}</h1>
        <p>{text.pageFaultBody}</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          {text.reload}
        </button>
        <details>
          <summary>{text.details}</summary>
          <code>{fault}</code>
        </details>
      </main>
    );
  }
}
