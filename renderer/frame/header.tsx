import { useState } from 'react';

import { Icon, IconButton } from '../base/icon.tsx';
import { useText } from '../locale/use-text.ts';
import { EngineChip } from '../stage/engine/engine-chip.tsx';
import { chooseLocale } from '../state/draft.ts';
import { packInUse } from '../state/pack-choice.ts';
import { useStudio } from '../state/studio-store.ts';
import { FaultLab } from './fault-lab.tsx';
import { projectName, ProjectsDialog } from './projects-dialog.tsx';
import { SettingsDialog } from './settings-dialog.tsx';

export function Header() {
  const version = useStudio((state) => state.version);
  return (
    <header className="header">
      <svg className="mark-sign" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <rect x="1.75" y="4.75" width="16.5" height="10.5" rx="2" />
        <path d="M5 10h2.2l1.6-2.6 2.4 5.2 1.6-2.6H15" />
      </svg>
      <h1 className="name">Steadyframe</h1>
      <span className="version">{version}</span>
      <ProjectChoice />
      <span className="spring" />
      <PackName />
      <EngineChip />
      <LanguageSwitch />
      <Tools />
    </header>
  );
}

/** Which project is open; the others are a key away. */
function ProjectChoice() {
  const text = useText();
  const isReady = useStudio(({ connection }) => connection === 'ready');
  const project = useStudio(({ projects, projectId }) => projects.find(({ id }) => id === projectId) ?? null);
  const [isOpen, setOpen] = useState(false);
  if (!isReady || !project) return null;
  const name = projectName(project, text);
  return (
    <>
      <button
        type="button"
        className="quiet-button project-button"
        aria-haspopup="dialog"
        aria-label={text.projectChoose(name)}
        title={text.projectChoose(name)}
        onClick={() => setOpen(true)}
      >
        <Icon name="folder" />
        <span className="project-name">{name}</span>
        <Icon name="down" />
      </button>
      {isOpen && <ProjectsDialog onClose={() => setOpen(false)} />}
    </>
  );
}

/** Off the main path: experiments, and what is decided beforehand. */
function Tools() {
  const text = useText();
  const [open, setOpen] = useState<'lab' | 'settings' | null>(null);
  const close = (): void => setOpen(null);
  return (
    <div className="tools">
      <IconButton icon="flask" label={text.labOpen} onPress={() => setOpen('lab')} />
      <IconButton icon="gear" label={text.settings} onPress={() => setOpen('settings')} />
      {open === 'lab' && <FaultLab onClose={close} />}
      {open === 'settings' && <SettingsDialog onClose={close} />}
    </div>
  );
}

function PackName() {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const isReady = useStudio(({ connection }) => connection === 'ready');
  const pack = useStudio(({ packs, draft }) => packInUse(packs, draft.packId));
  if (!isReady) return null;
  return (
    <span className="pack-name" title={pack ? `${pack.id} ${pack.version}` : undefined}>
      {pack ? pack.name[locale] : text.packNone}
    </span>
  );
}

const LANGUAGES = [
  { locale: 'en', label: 'English', short: 'EN', lang: 'en' },
  { locale: 'zh', label: '中文', short: '中文', lang: 'zh-CN' },
] as const;

function LanguageSwitch() {
  const text = useText();
  const chosen = useStudio((state) => state.locale);
  return (
    <div className="switch" role="group" aria-label={text.language}>
      {LANGUAGES.map(({ locale, label, short, lang }) => (
        <button
          key={locale}
          type="button"
          lang={lang}
          aria-label={label}
          aria-pressed={locale === chosen}
          onClick={() => chooseLocale(locale)}
        >
          {short}
        </button>
      ))}
    </div>
  );
}
