import type { DecisionReport } from '../../../app/contract/report.ts';
import type { StudioText } from '../../locale/en.ts';

/** What was done, as exactly as it is known: several cures share one action. */
export const doneWords = ({ cure, action }: Pick<DecisionReport, 'cure' | 'action'>, text: StudioText): string =>
  cure === null ? text.action[action] : text.done[cure];
