import type { Locale } from '../state/studio-state.ts';

const MINUTE_S = 60;

/** Rounded as a person would say it: whole seconds, above a minute with minutes. */
export function formatTime(ms: number, locale: Locale): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const [minuteWord, secondWord] = locale === 'zh' ? [' 分', ' 秒'] : [' min', ' s'];
  if (seconds < MINUTE_S) return `${seconds}${secondWord}`;
  const rest = seconds % MINUTE_S;
  const minutes = `${Math.floor(seconds / MINUTE_S)}${minuteWord}`;
  return rest === 0 ? minutes : `${minutes} ${rest}${secondWord}`;
}

/** With one decimal below ten seconds, where it makes a difference. */
export function formatShort(ms: number, locale: Locale): string {
  return ms < 9_950 ? `${(ms / 1_000).toFixed(1)}${locale === 'zh' ? ' 秒' : ' s'}` : formatTime(ms, locale);
}

/** Position in a clip: seconds and hundredths. */
export const formatPosition = (seconds: number): string => seconds.toFixed(2).padStart(5, '0');

const KILO = 1_000;

export function formatBytes(bytes: number): string {
  if (bytes >= KILO ** 3) return `${(bytes / KILO ** 3).toFixed(2)} GB`;
  return bytes < KILO * KILO ? `${Math.ceil(bytes / KILO)} kB` : `${(bytes / KILO / KILO).toFixed(1)} MB`;
}

/** Today by the hour, else by the day. */
export function formatWhen(atMs: number, nowMs: number, locale: Locale): string {
  const at = new Date(atMs);
  const language = locale === 'zh' ? 'zh-CN' : 'en-GB';
  return at.toDateString() === new Date(nowMs).toDateString()
    ? at.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' })
    : at.toLocaleDateString(language, { day: 'numeric', month: 'short' });
}
