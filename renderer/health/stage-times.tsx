import { formatShort } from '../../app/base/figure.ts';
import type { StageHealth } from '../../app/contract/health.ts';
import { timedStages } from '../../app/contract/list.ts';
import { Tipped } from '../base/tip.tsx';
import { useText } from '../locale/use-text.ts';
import { useStudio } from '../state/studio-store.ts';

/** Where the time went, stage by stage, against what it usually takes. */
export function StageTimes({ stages }: { readonly stages: readonly StageHealth[] }) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const longestMs = Math.max(...stages.map(({ tookMs, medianMs }) => Math.max(tookMs, medianMs ?? 0)), 1);
  const words = (ms: number | null): string => (ms === null ? text.notAvailable : formatShort(ms, locale));
  return timedStages.map((stage) => {
    const known = stages.find((one) => one.stage === stage);
    const tookMs = known?.tookMs ?? null;
    const [medianMs, limitMs] = [known?.medianMs ?? null, known?.limitMs ?? null];
    const took = tookMs === null ? text.stageNotReached : words(tookMs);
    const isSlow = tookMs !== null && limitMs !== null && tookMs > limitMs;
    return (
      <Tipped
        key={stage}
        className={`figure-row ${isSlow ? 'is-bad' : tookMs === null ? 'is-absent' : 'is-good'}`}
        label={`${text.stage[stage]}: ${took}${isSlow ? `, ${text.outside}` : ''}`}
        tip={
          <>
            <strong>{text.stage[stage]}</strong>
            <dl>
              <div>
                <dt>{text.figureNow}</dt>
                <dd>{took}</dd>
              </div>
              <div>
                <dt>{text.usually}</dt>
                <dd>{words(medianMs)}</dd>
              </div>
              <div>
                <dt>{text.slowAbove}</dt>
                <dd>{words(limitMs)}</dd>
              </div>
              <div>
                <dt>{text.figureSource}</dt>
                <dd>{limitMs === null ? text.stageUnknown : text.stageSource}</dd>
              </div>
            </dl>
          </>
        }
      >
        <span className="figure-name">{text.stageShort[stage]}</span>
        {tookMs !== null && (
          <span className="gauge" aria-hidden="true">
            <span className="gauge-fill" style={{ transform: `scaleX(${tookMs / longestMs})` }} />
            {medianMs !== null && <span className="gauge-line" style={{ left: `${(medianMs / longestMs) * 100}%` }} />}
          </span>
        )}
        <span className="figure figure-value">{took}</span>
      </Tipped>
    );
  });
}
