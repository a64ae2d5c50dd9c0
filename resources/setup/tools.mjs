import { inRoot, readJson, signatureOf, toolsFile, writeFileAtomic } from './base.mjs';

/**
 * The programs that were found and proven, kept in .cache/tools.json:
 * { [name]: { path, version, source, signature } }. An entry counts only while its file is unchanged.
 */
export function knownTool(name) {
  const entry = readJson(toolsFile)?.[name] ?? null;
  return entry && entry.signature === signatureOf(entry.path) ? entry : null;
}

export function rememberTool(name, { path, version, source }) {
  const entry = { path, version, source, signature: signatureOf(path) };
  writeFileAtomic(toolsFile, `${JSON.stringify({ ...readJson(toolsFile), [name]: entry }, null, 2)}\n`);
  return entry;
}

/** Version that package.json's lockfile settled on for one of our dependencies; null if it is not installed. */
export const installedVersion = (name) => readJson(inRoot('node_modules', name, 'package.json'))?.version ?? null;
