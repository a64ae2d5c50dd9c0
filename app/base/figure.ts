/** Languages in which figures and findings are said. */
export type Language = 'en' | 'zh';

const MINUTE_S = 60;

/** Rounded as a person would say it: whole seconds, above a minute with minutes. */
export function formatTime(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const [minuteWord, secondWord] = language === 'zh' ? [' 分', ' 秒'] : [' min', ' s'];
  if (seconds < MINUTE_S) return `${seconds}${secondWord}`;
  const rest = seconds % MINUTE_S;
  const minutes = `${Math.floor(seconds / MINUTE_S)}${minuteWord}`;
  return rest === 0 ? minutes : `${minutes} ${rest}${secondWord}`;
}

/** With one decimal below ten seconds, where it makes a difference. */
export function formatShort(ms: number, language: Language): string {
  return ms < 9_950 ? `${(ms / 1_000).toFixed(1)}${language === 'zh' ? ' 秒' : ' s'}` : formatTime(ms, language);
}

const KILO = 1_000;

export function formatBytes(bytes: number): string {
  if (bytes >= KILO ** 3) return `${(bytes / KILO ** 3).toFixed(2)} GB`;
  return bytes < KILO * KILO ? `${Math.ceil(bytes / KILO)} kB` : `${(bytes / KILO / KILO).toFixed(1)} MB`;
}

/** Short enough for a gauge, exact enough to be compared: three digits that count. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 100_000)) return value.toExponential(1);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return value.toFixed(digits);
}
