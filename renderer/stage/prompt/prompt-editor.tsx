import { useRef, useState } from 'react';

import type { Finding, PrecheckReport } from '../../../app/contract/report.ts';
import { Icon } from '../../base/icon.tsx';
import { Refusal } from '../../base/refusal.tsx';
import { useText } from '../../locale/use-text.ts';
import { editDraft } from '../../state/draft.ts';
import { useStudio } from '../../state/studio-store.ts';
import { applyRewrite, replaceAll } from './apply-rewrite.ts';
import { FindingList, SafeMode } from './finding-list.tsx';
import { FindingTip } from './finding-tip.tsx';
import { findingAt } from './finding-words.ts';
import { MarkedPrompt } from './marked-prompt.tsx';

/** Findings belong to the text that was checked; while the user types on, the former ones would underline wrong words. */
function useReport(prompt: string): PrecheckReport | null {
  const check = useStudio((state) => state.check);
  return check?.prompt === prompt ? check.report : null;
}

export function PromptEditor() {
  const text = useText();
  const prompt = useStudio(({ draft }) => draft.prompt);
  const isRefused = useStudio(({ refusal }) => refusal?.field === 'prompt');
  const report = useReport(prompt);
  const findings = report?.findings ?? [];
  const field = useRef<HTMLTextAreaElement>(null);
  const backdrop = useRef<HTMLDivElement>(null);
  const [told, setTold] = useState<Finding | null>(null);
  const shown = told && findings.includes(told) ? told : null;
  const apply = (finding: Finding): void => {
    if (field.current) applyRewrite(field.current, finding);
    setTold(null);
  };
  return (
    <div className="field">
      <label htmlFor="prompt">{text.prompt}</label>
      <div className="prompt-box">
        <div className="prompt-backdrop" ref={backdrop}>
          <MarkedPrompt text={prompt} findings={findings} />
        </div>
        <textarea
          ref={field}
          id="prompt"
          value={prompt}
          placeholder={text.promptPlaceholder}
          aria-describedby={shown ? 'finding-tip' : 'prompt-findings'}
          aria-invalid={isRefused}
          onChange={(event) => editDraft({ prompt: event.currentTarget.value })}
          onScroll={(event) => {
            if (backdrop.current) backdrop.current.scrollTop = event.currentTarget.scrollTop;
          }}
          onPointerMove={(event) => setTold(findingUnder(backdrop.current, findings, event.clientX, event.clientY))}
          onPointerLeave={() => setTold(null)}
          onBlur={() => setTold(null)}
          onKeyUp={({ currentTarget: { selectionStart }, key }) => {
            // Moving through the text shows what is said of the words under the caret; typing does not.
            if (key.startsWith('Arrow') || key === 'Home' || key === 'End')
              setTold(findingAt(findings, selectionStart));
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !event.altKey) return;
            const finding = shown ?? findingAt(findings, event.currentTarget.selectionStart) ?? findings[0];
            if (!finding) return;
            event.preventDefault();
            apply(finding);
          }}
        />
        {shown && <FindingTip finding={shown} backdrop={backdrop} onClose={() => setTold(null)} />}
      </div>
      <Refusal field="prompt" />
      {findings.length > 0 ? (
        <FindingList findings={findings} onApply={apply} />
      ) : (
        <p id="prompt-findings" className="hint">
          {report ? text.noFindings : text.promptHint}
        </p>
      )}
      {report && (
        <SafeMode
          prompt={prompt}
          report={report}
          onTake={(words) => field.current && replaceAll(field.current, words)}
        />
      )}
    </div>
  );
}

/** The finding whose underlined words lie under the pointer: the editor itself is above them and knows only itself. */
function findingUnder(
  backdrop: HTMLElement | null,
  findings: readonly Finding[],
  x: number,
  y: number,
): Finding | null {
  for (const mark of backdrop?.querySelectorAll<HTMLElement>('mark') ?? [])
    for (const { left, right, top, bottom } of mark.getClientRects())
      if (x >= left - 1 && x <= right + 1 && y >= top && y <= bottom) {
        const { from, kind } = mark.dataset;
        return findings.find((one) => String(one.from) === from && one.kind === kind) ?? null;
      }
  return null;
}

export function NegativePrompt() {
  const text = useText();
  const negative = useStudio(({ draft }) => draft.negative);
  return (
    <details className="fold" open={negative !== ''}>
      <summary>
        <Icon name="chevron" />
        {text.negative}
      </summary>
      <textarea
        aria-label={text.negative}
        rows={2}
        value={negative}
        onChange={(event) => editDraft({ negative: event.currentTarget.value })}
      />
      <Refusal field="negative" />
      <p className="hint">{text.negativeHint}</p>
    </details>
  );
}
