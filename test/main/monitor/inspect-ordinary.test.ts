import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findTool } from '../../../main/export/tools.ts';
import { inspectVideo } from '../../../main/monitor/inspect-video.ts';
import { makeWildFilm, wildFilms } from '../../detection/wild-films.ts';
import { rootFolder } from '../../guard/source.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'steadyframe-ordinary-'));
  for (const name of ['ffmpeg', 'ffprobe'] as const)
    process.env[`${name.toUpperCase()}_BIN`] ??= findTool(name, rootFolder)?.path ?? name;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inspected = async (name: string) => {
  const turn = wildFilms.findIndex((film) => film.name === name);
  const film = wildFilms[turn];
  if (!film) throw new Error(`there is no film "${name}"`);
  const program = process.env['FFMPEG_BIN'] ?? 'ffmpeg';
  const found = await inspectVideo(await makeWildFilm(program, folder, film, turn), new AbortController().signal);
  if (!found.ok) throw new Error(found.error.detail);
  return found.value.attempts[0]?.faults ?? [];
};

describe('ordinary footage', () => {
  // Each of these was called faulty once: texture that moves, dither, rests, holds, cuts, switched light, changing rate.
  it.each([
    'a tilt',
    'a GIF',
    'held by hand, shaking at half the frame rate',
    'a face that only blinks',
    'a figure that holds and moves',
    'a page that is scrolled in jerks',
    'a card between two shots',
    'frames of changing length',
    'held by hand',
    'one frame',
  ])('has no fault: %s', { timeout: 60_000 }, async (name) => {
    expect(await inspected(name)).toEqual([]);
  });

  it.each([
    ['a photograph', 'frames-frozen'],
    ['a strobe', 'frames-flicker'],
    ['black before the film begins', 'frames-black'],
    ['grain of a fast film', 'frames-noise'],
  ])('is warned of at most where it may be on purpose: %s', { timeout: 60_000 }, async (name, kind) => {
    const faults = await inspected(name);
    expect(new Set(faults.map((fault) => fault.kind))).toEqual(new Set([kind]));
    expect(new Set(faults.map(({ severity }) => severity))).toEqual(new Set(['warning']));
  });
});
