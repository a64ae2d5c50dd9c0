import { threadsIn } from '../../app/engine/processor-name.ts';
import type { StudioText } from '../locale/en.ts';
import type { Locale } from '../state/studio-state.ts';

/** Position in a clip: seconds and hundredths. */
export const formatPosition = (seconds: number): string => seconds.toFixed(2).padStart(5, '0');

/** Today by the hour, else by the day. */
export function formatWhen(atMs: number, nowMs: number, locale: Locale): string {
  const at = new Date(atMs);
  const language = locale === 'zh' ? 'zh-CN' : 'en-GB';
  return at.toDateString() === new Date(nowMs).toDateString()
    ? at.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' })
    : at.toLocaleDateString(language, { day: 'numeric', month: 'short' });
}

/** What the engine computes on, in the reader's words; the name of a card is a name. */
export function formatDevice(name: string, text: Pick<StudioText, 'processor'>): string {
  const threads = threadsIn(name);
  return threads === null ? name : text.processor(threads);
}
