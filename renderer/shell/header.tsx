import type { EngineStatus } from '../../app/contract/route.ts';
import { useText } from '../locale/use-text.ts';
import { chooseLocale } from '../state/draft.ts';
import { soundPack } from '../state/pack-choice.ts';
import { useStudio } from '../state/studio-store.ts';

export function Header() {
  const version = useStudio((state) => state.version);
  return (
    <header className="header">
      <h1 className="wordmark">Steadyframe {version !== '' && <span className="version">{version}</span>}</h1>
      <PackName />
      <EngineChip />
      <LocaleSwitch />
    </header>
  );
}

function PackName() {
  const text = useText();
  const pack = useStudio(({ packs }) => soundPack(packs));
  const locale = useStudio((state) => state.locale);
  const isConnected = useStudio(({ connection }) => connection === 'ready');
  if (!isConnected) return <span className="pack-name" />;
  return <span className="pack-name">{pack ? `${pack.name[locale]} ${pack.version}` : text.packNone}</span>;
}

function EngineChip() {
  const text = useText();
  const status = useStudio((state) => state.engine);
  const connection = useStudio((state) => state.connection);
  const detail = useDetail(status);
  if (connection !== 'ready')
    return (
      <span className="chip" data-phase="starting" role="status">
        {connection === 'lost' ? text.lost : text.connecting}
      </span>
    );
  return (
    <span className="chip" data-phase={status.phase} role="status" title={detail}>
      {text.engine[status.phase]}
      {status.phase === 'ready' && <span className="chip-detail">{status.deviceName}</span>}
    </span>
  );
}

function useDetail(status: EngineStatus): string | undefined {
  const text = useText();
  if (status.phase === 'broken') return text.engineBroken(status.reason);
  return status.phase === 'ready' ? text.onDevice(`${status.deviceName} (${status.provider})`) : undefined;
}

function LocaleSwitch() {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const options = [
    { value: 'en', label: 'EN', name: 'English' },
    { value: 'zh', label: '中', name: '中文' },
  ] as const;
  return (
    <div className="switch" role="group" aria-label={text.language}>
      {options.map(({ value, label, name }) => (
        <button
          key={value}
          type="button"
          aria-label={name}
          aria-pressed={value === locale}
          onClick={() => chooseLocale(value)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
