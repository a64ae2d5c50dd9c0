import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findTool } from '../../main/export/tools.ts';
import { spawnEngineFrom } from '../../main/host/node-child.ts';
import { openFlowMeter } from '../../main/monitor/flow-meter.ts';
import { inspectVideo } from '../../main/monitor/inspect-video.ts';
import { rootFolder } from '../guard/source.ts';
import { makeWildFilm, wildFilms } from './wild-films.ts';

/** Ordinary footage through files, decoder, frame monitors and optical flow, as `inspect` has it: how much of it is called faulty, or warned of. */
export async function judgeWildFilms(tell: (line: string) => void): Promise<void> {
  const ffmpeg = findTool('ffmpeg', rootFolder)?.path;
  if (ffmpeg === undefined) throw new Error('there is no ffmpeg; "npm run doctor" says what to do');
  tell(`judging ${wildFilms.length} films of ordinary footage`);
  const folder = await mkdtemp(join(tmpdir(), 'steadyframe-wild-'));
  await using flow = await openFlowMeter(rootFolder, (options) =>
    spawnEngineFrom(join(rootFolder, 'dist', 'main', 'engine.js'), options),
  );
  let faulty = 0;
  let warned = 0;
  let onPurpose = 0;
  try {
    for (const [turn, film] of wildFilms.entries()) {
      const path = await makeWildFilm(ffmpeg, folder, film, turn);
      const found = await inspectVideo(path, new AbortController().signal, undefined, flow);
      if (!found.ok) throw new Error(`"${film.name}" can't be read: ${found.error.detail}`);
      const faults = found.value.attempts.flatMap((attempt) => attempt.faults);
      const kinds = [...new Set(faults.map(({ kind, severity }) => `${severity} ${kind}`))].join(', ');
      if (kinds !== '') tell(`${film.name}: ${kinds}`);
      if (faults.some(({ severity }) => severity === 'fault')) faulty += 1;
      else if (faults.length > 0 && film.mayWarn) onPurpose += 1;
      else if (faults.length > 0) warned += 1;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const share = (count: number): string => `${count} (${((100 * count) / wildFilms.length).toFixed(1)} %)`;
  const lines = [
    '| ordinary footage | with a false fault | with a false warning | warned of light or noise on purpose |',
    '| --- | --- | --- | --- |',
    `| ${wildFilms.length} films | ${share(faulty)} | ${share(warned)} | ${share(onPurpose)} |`,
  ];
  process.stdout.write(`${lines.join('\n')}\n\n`);
}
