import { useRef } from 'react';

import type { Finding } from '../../../app/contract/report.ts';
import { Icon } from '../../base/icon.tsx';
import { Refusal } from '../../base/refusal.tsx';
import { useText } from '../../locale/use-text.ts';
import { editDraft } from '../../state/draft.ts';
import { focusPrompt } from '../../state/intents.ts';
import { useStudio } from '../../state/studio-store.ts';
import { MarkedPrompt } from './marked-prompt.tsx';

/** Findings belong to the text that was checked; while the user types on, the former ones would underline wrong words. */
function useFindings(prompt: string): readonly Finding[] | null {
  const check = useStudio((state) => state.check);
  return check?.prompt === prompt ? check.report.findings : null;
}

export function PromptEditor() {
  const text = useText();
  const prompt = useStudio(({ draft }) => draft.prompt);
  const isRefused = useStudio(({ refusal }) => refusal?.field === 'prompt');
  const checked = useFindings(prompt);
  const findings = checked ?? [];
  const backdrop = useRef<HTMLDivElement>(null);
  return (
    <div className="field">
      <label htmlFor="prompt">{text.prompt}</label>
      <div className="prompt-box">
        <div className="prompt-backdrop" ref={backdrop}>
          <MarkedPrompt text={prompt} findings={findings} />
        </div>
        <textarea
          id="prompt"
          value={prompt}
          placeholder={text.promptPlaceholder}
          aria-describedby="prompt-findings"
          aria-invalid={isRefused}
          onChange={(event) => editDraft({ prompt: event.currentTarget.value })}
          onScroll={(event) => {
            if (backdrop.current) backdrop.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      <Refusal field="prompt" />
      {findings.length > 0 ? (
        <FindingList prompt={prompt} findings={findings} />
      ) : (
        <p id="prompt-findings" className="hint">
          {checked ? text.noFindings : text.promptHint}
        </p>
      )}
    </div>
  );
}

function FindingList({ prompt, findings }: { readonly prompt: string; readonly findings: readonly Finding[] }) {
  const text = useText();
  const apply = ({ from, to, rewrite }: Finding): void => {
    editDraft({ prompt: prompt.slice(0, from) + rewrite + prompt.slice(to) });
    focusPrompt();
  };
  return (
    <ul id="prompt-findings" className="findings">
      {findings.map((finding) => (
        <li key={`${finding.kind}-${finding.from}`}>
          <Icon name="warning" />
          <span>
            <strong>{text.finding[finding.kind]}</strong> {finding.message}
          </span>
          <button type="button" className="quiet-button" onClick={() => apply(finding)}>
            {finding.rewrite === '' ? text.removeIt : text.rewriteTo(finding.rewrite)}
          </button>
        </li>
      ))}
    </ul>
  );
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
