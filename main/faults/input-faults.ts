import { writeFile } from 'node:fs/promises';

import type { Scenario } from './scenario.ts';
import type { Expectation } from '../../app/recovery/matrix.ts';

const refused = (says: RegExp): Expectation => ({ kind: 'refused', exitCode: 2, says });

const asked = (name: string, args: readonly string[], expected: Expectation): Scenario => ({
  name,
  layer: 'input',
  expected,
  run: async (lab) => {
    lab.injected();
    return lab.render(args);
  },
});

const project = (name: string, text: string | Buffer, says: RegExp): Scenario => ({
  name,
  layer: 'project',
  expected: refused(says),
  run: async (lab) => {
    const file = lab.at('broken.steady.json');
    await writeFile(file, text);
    lab.injected();
    return lab.render(['--project', file]);
  },
});

const ZERO_WIDTH = '\u200b';
const sound = { version: 1, name: 'a', shots: [{ id: 'one', prompt: 'a panda' }] };
const WORDS_BEYOND_ANY_MODEL = 60;

export const inputFaults: readonly Scenario[] = [
  asked('prompt-empty', ['--prompt', ' \t '], refused(/prompt.*empty/)),
  asked('prompt-endless', ['--prompt', 'a panda '.repeat(12_000)], refused(/prompt.*too long/)),
  asked('prompt-hidden-characters', ['--prompt', `a pan${ZERO_WIDTH}da walks in the snow`], {
    kind: 'advised',
    of: 'hidden-characters',
  }),
  asked('prompt-beyond-the-model', ['--prompt', 'a panda walks in the snow '.repeat(WORDS_BEYOND_ANY_MODEL / 6)], {
    kind: 'advised',
    of: 'too-long',
  }),
  asked('seed-not-a-number', ['--seed', 'NaN'], refused(/seed.*legal/)),
  asked('seed-infinite', ['--seed', '1e308'], refused(/seed.*legal/)),
  asked('frames-even', ['--frames', '16'], refused(/frames.*legal/)),
  asked('steps-zero', ['--steps', '0'], refused(/steps.*legal/)),
  asked('rung-unknown', ['--rung', 'huge'], refused(/rung.*legal/)),
  asked('pack-unknown', ['--pack', '../../etc'], refused(/pack.*legal/)),
  asked('fault-unknown', ['--fault', 'everything'], refused(/fault.*legal/)),
  project('project-cut', JSON.stringify(sound).slice(0, 40), /broken\.steady\.json/),
  project('project-newer', JSON.stringify({ ...sound, version: 9 }), /newer/),
  project(
    'project-half-surrogate',
    JSON.stringify({ ...sound, shots: [{ id: 'a', prompt: '\ud83d' }] }),
    /well-formed/,
  ),
  project(
    'project-control-character',
    JSON.stringify({ ...sound, shots: [{ id: 'a', prompt: 'a\u0000b' }] }),
    /keyboard|control/,
  ),
  project(
    'project-poisoned',
    `{"version":1,"name":"a","__proto__":{"x":1},"shots":[{"id":"a","prompt":"a","x":1}]}`,
    /broken/,
  ),
  project('project-binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), /broken\.steady\.json/),
];
