import { formatShort } from '../../../app/base/figure.ts';
import { unreachable } from '../../../app/base/result.ts';
import type { EngineStatus } from '../../../app/contract/route.ts';
import { formatDevice } from '../../base/format.ts';
import { engineProblemWords } from '../../base/problem.ts';
import type { StudioText } from '../../locale/en.ts';
import { useText } from '../../locale/use-text.ts';
import type { Locale } from '../../state/studio-state.ts';
import { useStudio } from '../../state/studio-store.ts';

/** Whether something can be rendered right now, and on what: word and colour, never colour alone. */
export function EngineChip() {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const engine = useStudio((state) => state.engine);
  const detail = detailOf(engine, text, locale);
  return (
    <span className={`chip is-${engine.phase}`} role="status" title={detail}>
      <span className="dot" aria-hidden="true" />
      <span>{text.engine[engine.phase]}</span>
      {detail !== '' && <span className="chip-detail">{detail}</span>}
    </span>
  );
}

function detailOf(engine: EngineStatus, text: StudioText, locale: Locale): string {
  switch (engine.phase) {
    case 'stopped':
      return '';
    case 'starting':
      return engine.restarts > 0 ? text.restarts(engine.restarts) : '';
    case 'warming':
      return engine.latencyMs === null ? '' : formatShort(engine.latencyMs, locale);
    case 'ready':
      return formatDevice(engine.deviceName, text);
    case 'broken':
      return engineProblemWords(engine, text);
    default:
      return unreachable(engine);
  }
}
