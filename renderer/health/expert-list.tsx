import { useEffect, useState } from 'react';

import type { ExpertHealth, RunHealth } from '../../app/contract/health.ts';
import { formatWhen } from '../base/format.ts';
import { Tipped } from '../base/tip.tsx';
import { useText } from '../locale/use-text.ts';
import { packInUse } from '../state/pack-choice.ts';
import { useStudio } from '../state/studio-store.ts';
import { expertStanding, expertWords } from './expert-words.ts';
import { Section } from './section.tsx';

/** How long a rest is seen to last: often enough for a time of day. */
const LOOK_EVERY_MS = 15_000;

/** The experts of the clip's pack, or of the pack in use: who works, who is suspected, rests, is on trial or was taken back. */
export function ExpertList({ health, packId }: { readonly health: RunHealth | null; readonly packId: string | null }) {
  const text = useText();
  const experts = useStudio((state) => state.experts);
  const inUse = useStudio(({ packs, draft }) => packInUse(packs, draft.packId)?.id ?? null);
  const shown = experts.filter((one) => one.packId === (packId ?? inUse));
  const nowMs = useNow(shown.length > 0);
  if (shown.length === 0) return null;
  const atWork = health?.steps.at(-1)?.expert;
  return (
    <Section title={text.healthExperts}>
      <ul className="experts">
        {shown.map((one) => (
          <li key={one.expert}>
            <ExpertLine health={one} nowMs={nowMs} isAtWork={one.expert === atWork} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

interface ExpertLineProps {
  readonly health: ExpertHealth;
  readonly nowMs: number;
  readonly isAtWork: boolean;
}

function ExpertLine({ health, nowMs, isAtWork }: ExpertLineProps) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const { expert, abnormalCount, abnormalLimit, sinceMs } = health;
  const when = (atMs: number): string => formatWhen(atMs, nowMs, locale);
  const standing = expertStanding(health, nowMs);
  const words = expertWords(health, nowMs, text, when);
  return (
    <Tipped
      className={`expert is-${standing}`}
      label={`${expert}: ${words}${isAtWork ? `, ${text.atWork}` : ''}`}
      tip={
        <>
          <strong>{expert}</strong>
          <p>{text.expertMeaning[standing]}</p>
          <dl>
            <div>
              <dt>{text.figureNow}</dt>
              <dd>{text.abnormalOf(abnormalCount, abnormalLimit)}</dd>
            </div>
            <div>
              <dt>{text.figureHealthy}</dt>
              <dd>{text.expertLine(abnormalLimit)}</dd>
            </div>
            {sinceMs !== null && (
              <div>
                <dt>{text.expertSince}</dt>
                <dd>{when(sinceMs)}</dd>
              </div>
            )}
          </dl>
        </>
      }
    >
      <span className="dot" aria-hidden="true" />
      <span className="expert-name">{expert}</span>
      {isAtWork && <span className="tag">{text.atWork}</span>}
      <span className="spring" />
      <span>{words}</span>
    </Tipped>
  );
}

function useNow(isWanted: boolean): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    if (!isWanted) return;
    const timer = setInterval(() => setNowMs(Date.now()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [isWanted]);
  return nowMs;
}
