import { useEffect } from 'react';

import { engineProblemWords } from '../base/problem.ts';
import { useText } from '../locale/use-text.ts';
import { Stage } from '../stage/monitor/stage.tsx';
import { Brief } from '../stage/prompt/brief.tsx';
import { useStudio } from '../state/studio-store.ts';
import { Announcer } from './announcer.tsx';
import { Header } from './header.tsx';
import { Shelf } from './shelf.tsx';
import { useStudioKeys } from './studio-keys.ts';
import { Toasts } from './toasts.tsx';
import { useDrop } from './use-drop.ts';

/** The one screen: what is asked, what is seen, what there is. */
export function StudioFrame() {
  const locale = useStudio((state) => state.locale);
  useStudioKeys();
  const isOver = useDrop();
  useEffect(() => {
    // Decides which form of a Han character is drawn, and how a screen reader speaks.
    document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en';
  }, [locale]);
  return (
    <div className="studio">
      <Header />
      <Notice />
      <main className="columns">
        <Brief />
        <Stage />
        <Shelf />
      </main>
      {isOver && <DropHint />}
      <Toasts />
      <Announcer />
    </div>
  );
}

function DropHint() {
  const text = useText();
  return (
    <div className="drop-hint" aria-hidden="true">
      {text.inspectDrop}
    </div>
  );
}

/** One line over everything for what concerns everything. */
function Notice() {
  const text = useText();
  const connection = useStudio((state) => state.connection);
  const engine = useStudio((state) => state.engine);
  if (connection === 'connecting') return <p className="notice">{text.connecting}</p>;
  if (connection === 'lost') return <p className="notice is-bad">{text.lost}</p>;
  if (engine.phase === 'broken')
    return <p className="notice is-bad">{text.engineBroken(engineProblemWords(engine, text))}</p>;
  return null;
}
