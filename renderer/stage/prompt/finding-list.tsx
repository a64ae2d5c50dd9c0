import type { Finding, PrecheckReport } from '../../../app/contract/report.ts';
import { simplifyPrompt } from '../../../app/precheck/simplify.ts';
import { detectLanguage } from '../../../app/prompt/clean.ts';
import { Icon } from '../../base/icon.tsx';
import { useText } from '../../locale/use-text.ts';
import { useStudio } from '../../state/studio-store.ts';
import { findingWords, gravityOf } from './finding-words.ts';

interface FindingListProps {
  readonly findings: readonly Finding[];
  readonly onApply: (finding: Finding) => void;
}

/** Each finding with its reason and what puts it right. */
export function FindingList({ findings, onApply }: FindingListProps) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  return (
    <ul id="prompt-findings" className="findings">
      {findings.map((finding) => (
        <li key={`${finding.kind}-${finding.from}`} className={`is-${gravityOf(finding)}`}>
          <Icon name={gravityOf(finding) === 'note' ? 'note' : 'warning'} />
          <span>
            <strong>{text.finding[finding.kind]}</strong> {findingWords(finding, text, locale)}
          </span>
          <button type="button" className="quiet-button" onClick={() => onApply(finding)}>
            {finding.rewrite === '' ? text.removeIt : text.rewriteTo(finding.rewrite)}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface SafeModeProps {
  readonly prompt: string;
  readonly report: PrecheckReport;
  readonly onTake: (words: string) => void;
}

/** What would be rendered instead, before a second is spent on it. */
export function SafeMode({ prompt, report, onTake }: SafeModeProps) {
  const text = useText();
  if (report.verdict !== 'safe-mode') return null;
  const plain = report.safeMode?.prompt ?? simplifyPrompt(prompt, detectLanguage(prompt));
  if (plain === prompt.trim()) return null;
  return (
    <div className="safe-mode" role="note">
      <p>
        <strong>{text.safeMode}</strong> {text.safeModeHint}
      </p>
      <blockquote>{plain}</blockquote>
      <button type="button" className="quiet-button" onClick={() => onTake(plain)}>
        {text.safeModeTake}
      </button>
    </div>
  );
}
