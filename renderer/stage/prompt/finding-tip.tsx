import type { RefObject } from 'react';

import type { Finding } from '../../../app/contract/report.ts';
import { Tip } from '../../base/tip.tsx';
import { useText } from '../../locale/use-text.ts';
import { useStudio } from '../../state/studio-store.ts';
import { findingWords } from './finding-words.ts';

interface FindingTipProps {
  readonly finding: Finding;
  readonly backdrop: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** What a finding says, beside the words that it is about. */
export function FindingTip({ finding, backdrop, onClose }: FindingTipProps) {
  const text = useText();
  const locale = useStudio((state) => state.locale);
  const { kind, from, rewrite } = finding;
  return (
    <Tip
      id="finding-tip"
      anchor={() => backdrop.current?.querySelector<HTMLElement>(`mark[data-from="${from}"]`) ?? null}
      onClose={onClose}
    >
      <strong>{text.finding[kind]}</strong>
      <p>{findingWords(finding, text, locale)}</p>
      <p>
        {rewrite === '' ? text.removeIt : text.rewriteTo(rewrite)} <kbd>Alt ↵</kbd>
      </p>
    </Tip>
  );
}
