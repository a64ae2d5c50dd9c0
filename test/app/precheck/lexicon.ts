import { vocabularyOf } from '../../../main/precheck/lexicon.ts';
import { rootFolder } from '../../guard/source.ts';

/** The word lists that the program ships: rules are only as good as these. */
export const vocabulary = vocabularyOf(rootFolder);
