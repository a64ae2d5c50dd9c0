import { HealthPanel } from '../health/health-panel.tsx';
import { EventLog } from '../health/log.tsx';
import { History } from '../history/history.tsx';
import { useText } from '../locale/use-text.ts';
import { ExportPanel } from '../stage/export/export-panel.tsx';
import { changeView, shelfTabs, useView, type ShelfTab } from '../state/view.ts';

/** Right column: the clips, how the chosen one is doing, and what happened to it. */
export function Shelf() {
  const text = useText();
  const chosen = useView((view) => view.shelf);
  return (
    <aside className="column shelf" aria-label={text.shelf}>
      <Tabs chosen={chosen} />
      <div className="shelf-body" role="tabpanel" id="shelf-panel" aria-labelledby={`tab-${chosen}`}>
        {chosen === 'clips' && (
          <>
            <History />
            <ExportPanel />
          </>
        )}
        {chosen === 'health' && <HealthPanel />}
        {chosen === 'log' && <EventLog />}
      </div>
    </aside>
  );
}

function Tabs({ chosen }: { readonly chosen: ShelfTab }) {
  const text = useText();
  const move = (by: number): void => {
    const next = shelfTabs[(shelfTabs.indexOf(chosen) + by + shelfTabs.length) % shelfTabs.length] ?? chosen;
    changeView({ shelf: next });
    document.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <div
      className="tabs"
      role="tablist"
      aria-label={text.shelf}
      onKeyDown={(event) => {
        if (event.key === 'ArrowRight') move(1);
        if (event.key === 'ArrowLeft') move(-1);
      }}
    >
      {shelfTabs.map((tab) => (
        <button
          key={tab}
          id={`tab-${tab}`}
          type="button"
          role="tab"
          aria-selected={tab === chosen}
          aria-controls="shelf-panel"
          tabIndex={tab === chosen ? 0 : -1}
          onClick={() => changeView({ shelf: tab })}
        >
          {text.tab[tab]}
        </button>
      ))}
    </div>
  );
}
