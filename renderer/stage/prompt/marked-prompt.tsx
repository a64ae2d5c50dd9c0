import type { Finding } from '../../../app/contract/report.ts';
import { findingAt, gravityOf } from './finding-words.ts';

interface Piece {
  readonly text: string;
  /** The gravest of those that lie over it. */
  readonly finding: Finding | null;
  readonly from: number;
}

/** Nothing but characters that take no room. */
const INVISIBLE = /^\p{Cf}+$/u;

/** The text cut where findings begin and end; ranges may overlap. */
export function cutByFindings(text: string, findings: readonly Finding[]): readonly Piece[] {
  const edges = new Set([0, text.length]);
  for (const { from, to } of findings) edges.add(Math.min(from, text.length)).add(Math.min(to, text.length));
  const sorted = [...edges].toSorted((a, b) => a - b);
  return sorted.slice(0, -1).map((from, index) => {
    const to = sorted[index + 1] ?? text.length;
    return { text: text.slice(from, to), from, finding: findingAt(findings, from) };
  });
}

/** Lies behind the editor with the same type setting, so that underlines sit under the typed words. */
export function MarkedPrompt({ text, findings }: { readonly text: string; readonly findings: readonly Finding[] }) {
  return (
    <div className="marked-prompt" aria-hidden="true">
      {cutByFindings(text, findings).map(({ text: words, finding, from }) =>
        finding ? (
          <mark
            key={from}
            data-from={finding.from}
            data-kind={finding.kind}
            className={`is-${gravityOf(finding)}${INVISIBLE.test(words) ? ' is-hidden' : ''}`}
          >
            {words}
          </mark>
        ) : (
          <span key={from}>{words}</span>
        ),
      )}{' '}
    </div>
  );
}
