import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import type { FaultKind } from '../../app/contract/name.ts';
import { bandsOf, defaultFrameBands, type FrameBands } from '../../app/monitor/frame-bands.ts';
import { measureFrames, type FrameFigures } from '../../app/monitor/frame.ts';
import { PackStore, type Pack } from '../../main/pack/pack-store.ts';
import { rootFolder } from '../guard/source.ts';
import type { Clip } from './clip.ts';
import { encoded } from './encoded.ts';
import { filmClips } from './film-clips.ts';
import { hardClips } from './hard-clips.ts';
import { inject, injectionsFor } from './injections.ts';
import { renderClips } from './pack-clips.ts';
import { drawnClips } from './scenes.ts';
import { allViews, type View } from './views.ts';
import { wishes } from './wishes.ts';
import { judgeWildFilms } from './judge-wild.ts';

/** The lines were found with clips of other seeds. */
const JUDGING_SEED = 7_000;
const FILM_SIZES = [
  { widthPx: 160, heightPx: 96 },
  { widthPx: 320, heightPx: 180 },
] as const;
/** Every so many clips are judged once more after H.264, as a viewer gets them. */
const ENCODED_EVERY = 8;

const LEGAL = 'legal: --json FILE, --clips N of the pack to judge by, --stories, --wild for ordinary footage alone';

function readOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'string' },
      clips: { type: 'string', default: '48' },
      stories: { type: 'boolean', default: false },
      wild: { type: 'boolean', default: false },
    },
  });
  const clips = Number(values.clips);
  if (!Number.isInteger(clips) || clips < 0 || clips > 2_000) throw new Error(`--clips "${values.clips}"`);
  return { json: values.json, clips, stories: values.stories, isWildAlone: values.wild };
}

const measure = ({ frames, widthPx }: Clip): readonly FrameFigures[] => measureFrames(frames, widthPx);

interface Judging {
  /** By the lines of the pack that rendered it, or by the default ones. */
  readonly bands: FrameBands;
  readonly views: readonly View[];
}

/** A clip that only looks faulty. */
function judgeSound(clip: Clip, { bands, views }: Judging): void {
  const figures = measure(clip);
  for (const view of views)
    if (view.isFor(clip))
      view.book.sound(clip.kind, clip.name, new Set(view.judge(clip, figures, bands).map(({ kind }) => kind)));
}

/** One clip as it is, and spoiled in every way. */
async function judgeClip(
  clip: Clip,
  { bands, views, seed, through }: Judging & { readonly seed: number; readonly through: (clip: Clip) => Promise<Clip> },
): Promise<void> {
  const sound = await through(clip);
  const soundFigures = measure(sound);
  const own = views
    .filter((view) => view.isFor(clip))
    .map((view) => ({ ...view, clean: new Set(view.judge(sound, soundFigures, bands).map(({ kind }) => kind)) }));
  for (const { book, clean } of own) book.sound(sound.kind, sound.name, clean);
  for (const injection of injectionsFor(clip, seed)) {
    const spoiled = inject(clip, injection);
    if (!spoiled) continue;
    const figures = measure(await through(spoiled));
    const { frame: from, frameCount, kind, strength } = injection.how;
    for (const { book, judge, clean } of own) {
      const faults = judge(clip, figures, bands);
      const isHit = faults.some(
        (fault) =>
          fault.kind === injection.fault &&
          (fault.frame ?? 0) <= from + frameCount &&
          (fault.frame ?? 0) + (fault.frameCount ?? 1) >= from,
      );
      const found = new Set<FaultKind>(
        faults.map((fault) => fault.kind).filter((one) => !clean.has(one) || one === injection.fault),
      );
      book.spoiled(sound.name, { ...injection, kind: `${kind}, strength ${strength}` }, found, isHit);
    }
  }
}

async function embeddedPack(): Promise<Pack> {
  const packs = await new PackStore({ root: rootFolder, home: join(rootFolder, '.cache', 'no-home') }).list();
  const found = packs.find(({ id }) => id === 'wan-mini');
  if (!found?.pack.ok) throw new Error('the embedded pack can not be read');
  return found.pack.value;
}

async function evaluate(options: ReturnType<typeof readOptions>): Promise<void> {
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const pack = await embeddedPack();
  const studio = {
    pack,
    enginePath: join(rootFolder, 'dist', 'main', 'engine.js'),
    keptIn: join(rootFolder, '.cache', 'detection'),
    onProgress: tell,
  };
  // As the program judges them: by what the pack's calibration says of its healthy clips, which had other seeds and words.
  const bands = bandsOf(pack.calibration?.frames ?? null);

  if (options.isWildAlone) {
    await judgeWildFilms(tell);
    return;
  }
  const views = allViews();
  let turn = 0;
  const judge = async (clip: Clip, own: FrameBands): Promise<void> => {
    turn += 1;
    const asItIs = async (one: Clip): Promise<Clip> => Promise.resolve(one);
    await judgeClip(clip, { bands: own, views, seed: turn * 3, through: asItIs });
    const asAViewerGetsIt = async (one: Clip): Promise<Clip> => encoded(rootFolder, one);
    if (turn % ENCODED_EVERY === 0)
      await judgeClip(clip, { bands: own, views, seed: turn * 5, through: asAViewerGetsIt });
  };
  tell(`judging by ${options.clips} clips of the pack, by films and by drawn clips`);
  for await (const clip of renderClips(studio, wishes(options.clips, JUDGING_SEED))) await judge(clip, bands);
  for (const clip of drawnClips('judging')) await judge(clip, defaultFrameBands);
  for (const size of FILM_SIZES)
    for await (const clip of filmClips(rootFolder, 'judging', size)) await judge(clip, defaultFrameBands);
  for (const clip of hardClips('judging')) judgeSound(clip, { bands: defaultFrameBands, views });

  for (const { title, book } of views) process.stdout.write(`### ${title}\n${book.tables().join('\n')}\n\n`);
  if (options.stories)
    for (const { title, book } of views) process.stdout.write(`### ${title}\n${book.stories.join('\n')}\n\n`);
  if (options.json !== undefined)
    writeFileSync(
      resolve(options.json),
      `${JSON.stringify({ pack: `${pack.manifest.id} ${pack.manifest.version}`, views: views.map(({ title, book }) => ({ title, ...book.toJson() })) }, null, 2)}\n`,
    );
  await judgeWildFilms(tell);
}

try {
  await evaluate(readOptions(process.argv.slice(2)));
} catch (cause) {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}; ${LEGAL}\n`);
  process.exitCode = 2;
}
