import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { cachePath, say, secondsSince, SetupFailure } from './base.mjs';
import { adminPrefix } from './libraries.mjs';
import { capture, onPath } from './process.mjs';

const FETCH_LIMIT_MS = 3 * 60_000;
const folder = path.join(cachePath, 'prometheus');
const ownProgram = (name) => path.join(folder, 'usr', 'bin', name);

/** Where the real Prometheus lies: the user's, or the one fetched before; null where there is none yet. */
export function knownPrometheus() {
  const find = (name) => onPath(name) ?? (existsSync(ownProgram(name)) ? ownProgram(name) : null);
  const [server, promtool] = [find('prometheus'), find('promtool')];
  return server && promtool ? { server, promtool } : null;
}

/**
 * Debian's package, unpacked below .cache for the tests that hold our metrics against the real thing. It is not
 * installed: that would start a server on this machine.
 *
 * @throws SetupFailure  it can't be had from here
 */
export async function ensurePrometheus() {
  const known = knownPrometheus();
  if (known) return known;
  const missing = (why) =>
    new SetupFailure(`the tests of the metrics need Prometheus; ${why}`, 'sudo apt-get install -y prometheus');
  if (!onPath('apt-get') || !onPath('dpkg-deb')) throw missing('this system has no apt-get to fetch it with');
  const startMs = Date.now();
  say('fetching Prometheus for the tests of the metrics');
  const draft = path.join(cachePath, 'prometheus.part');
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  // apt-get writes into the folder it runs in.
  const fetch = () =>
    capture('sh', ['-c', 'cd "$1" && apt-get -qq download prometheus', 'sh', draft], { limitMs: FETCH_LIMIT_MS });
  let { code, output } = await fetch();
  const prefix = code === 0 ? null : await adminPrefix();
  if (prefix) {
    const [command, ...args] = [...prefix, 'apt-get', '-qq', 'update'];
    await capture(command, args, { label: 'apt-get update', limitMs: FETCH_LIMIT_MS });
    ({ code, output } = await fetch());
  }
  const archive = readdirSync(draft).find((name) => name.endsWith('.deb'));
  if (code !== 0 || !archive) throw missing(`apt-get failed: ${output.trim().split('\n').pop()}`);
  await capture('dpkg-deb', ['-x', path.join(draft, archive), folder], { limitMs: FETCH_LIMIT_MS });
  rmSync(draft, { recursive: true, force: true });
  say(`Prometheus is there (${secondsSince(startMs)})`);
  const found = knownPrometheus();
  if (!found) throw missing('its package could not be unpacked');
  return found;
}
