import './style/fonts.css';
import './style/tokens.css';
import './style/base.css';
import './style/frame.css';
import './style/brief.css';
import './style/stage.css';
import './style/history.css';
import './style/health.css';
import './style/hand.css';
import './style/settings.css';
import './style/tree.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { FaultBoundary } from './frame/fault-boundary.tsx';
import { StudioFrame } from './frame/studio-frame.tsx';
import { connect } from './state/connect.ts';
import { saveNow } from './state/draft.ts';

const root = document.querySelector('#root');
if (!root) throw new Error('bug: index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <FaultBoundary>
      <StudioFrame />
    </FaultBoundary>
  </StrictMode>,
);

// The last keystrokes may still be waiting to be saved when the window closes.
window.addEventListener('pagehide', saveNow);
document.addEventListener('visibilitychange', saveNow);
void connect();
