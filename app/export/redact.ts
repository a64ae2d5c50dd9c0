/** What must not leave the machine in a log or a bundle. */
export interface Secrets {
  /** Folders that are told by a name instead: the user's own, the program's. */
  readonly folders: readonly { readonly path: string; readonly name: string }[];
  readonly userName: string;
  /** Keys and passwords that are known by value; told to nobody, whatever is allowed. */
  readonly keys: readonly string[];
  /** Texts of the user; empty where they are allowed. */
  readonly texts: readonly string[];
}

/** Fields whose value is the user's text, whatever it says. */
const TEXT_FIELDS: ReadonlySet<string> = new Set([
  ...['prompt', 'typedPrompt', 'negative', 'caption', 'rewrite', 'draft', 'token', 'tokens', 'unknownWords'],
  ...['steadyframe.prompt', 'steadyframe.negative'],
]);

/** What says something about a text by quoting it: a finding of the precheck, with the range that it is about. */
const isFinding = (value: object): boolean => 'message' in value && 'from' in value && 'to' in value;

/** Keys by the shape that their makers gave them; the word before one stays, as it says whose it was. */
const KEY_SHAPES: readonly RegExp[] = [
  /\b(?:sk|pk|rk|hf|gh[pousr]|github_pat|glpat|xox[abprs]|npm|r8)[-_](?=[\w-]*\d)[\w-]{16,}/g,
  /\b(?:(?:AKIA|ASIA|LTAI|AKID)[0-9A-Za-z]{12,}|AIza[\w-]{30,}|ya29\.[\w-]{20,})/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(?<=\b(?:Bearer|Basic)\s)[\w.~+/=-]{8,}/gi,
  /(?<=(?:\b(?:api[-_ ]?key|token|secret|passw(?:or)?d)|密码|口令|密钥)["']?\s*[=:：]\s*["']?)[^\s"',;&]{4,}/gi,
  // The password in an address.
  /(?<=:\/\/[^\s:/@]*:)[^\s/@]+(?=@)/g,
];

/** A shorter name would be found inside of ordinary words. */
const SHORTEST_NAME = 3;
const SHORTEST_TEXT = 2;
/** A shorter value is as likely a word or a number as a key. */
const SHORTEST_KEY = 8;

/** Home folders by their shape, for those that belong to nobody we know. */
const OTHER_HOMES = /([\\/](?:home|Users)[\\/])(?!<user>)[^\\/\s"'<>:|?*]+/gi;

/**
 * A function that takes secrets out of any value that JSON can hold; shape and other values stay. Folders go first, as they
 * hold the user's name.
 */
export function redactor(secrets: Secrets, mayShowTexts: boolean): (value: unknown) => unknown {
  const clean = textRedactor(secrets, mayShowTexts);
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return clean(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const isText = (key: string): boolean => TEXT_FIELDS.has(key) || (key === 'message' && isFinding(value));
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) =>
        !mayShowTexts && isText(key) ? [key, hide(inner)] : [clean(key), walk(inner)],
      ),
    );
  };
  return walk;
}

/** The text is gone, its presence and its length are not: a fault may hang on them. */
function hide(value: unknown): unknown {
  if (typeof value === 'string') return value === '' ? '' : `<text of ${value.length} characters>`;
  if (Array.isArray(value)) return `<${value.length} texts>`;
  return value === null ? null : '<text>';
}

/** Whether a text, or a part of it, was taken out here. */
export const isHiddenText = (text: string): boolean => /<text(?: of \d+ characters)?>/.test(text);

export function textRedactor(
  { folders, userName, keys, texts }: Secrets,
  mayShowTexts: boolean,
): (text: string) => string {
  const byLength = folders.filter(({ path }) => path.length > 1).toSorted((a, b) => b.path.length - a.path.length);
  const rules: (readonly [RegExp, string])[] = [];
  if (!mayShowTexts) {
    // The longest first: one text may be part of another.
    const hidden = texts.filter((text) => text.trim().length >= SHORTEST_TEXT);
    for (const text of hidden.toSorted((a, b) => b.length - a.length))
      for (const form of new Set([
        text,
        text.trim(),
        encodeURIComponentSafely(text),
        JSON.stringify(text).slice(1, -1),
      ]))
        rules.push([new RegExp(escapePattern(form), 'g'), '<text>']);
  }
  for (const key of keys.filter(({ length }) => length >= SHORTEST_KEY).toSorted((a, b) => b.length - a.length))
    for (const form of new Set([key, encodeURIComponentSafely(key), JSON.stringify(key).slice(1, -1)]))
      rules.push([new RegExp(escapePattern(form), 'g'), '<key>']);
  for (const shape of KEY_SHAPES) rules.push([shape, '<key>']);
  for (const { path, name } of byLength)
    for (const form of formsOf(path)) rules.push([new RegExp(escapePattern(form), 'gi'), `<${name}>`]);
  rules.push([OTHER_HOMES, '$1<user>']);
  if (userName.length >= SHORTEST_NAME) {
    const name = escapePattern(userName);
    rules.push([new RegExp(`(?<![\\p{L}\\p{N}<])${name}(?![\\p{L}\\p{N}>])`, 'giu'), '<user>']);
  }
  return (text) => rules.reduce((left, [pattern, by]) => left.replace(pattern, by), text);
}

/** A path as people and programs write it: either slash, doubled by JSON, as part of an address. */
function formsOf(path: string): ReadonlySet<string> {
  const slashed = path.replaceAll('\\', '/');
  return new Set([path, slashed, path.replaceAll('\\', '\\\\'), encodeURI(slashed), encodeURIComponentSafely(path)]);
}

/** A lone half of a character can't be encoded; then there is no such form. */
function encodeURIComponentSafely(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text;
  }
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
