import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { parseCalibration } from '../../../app/contract/calibration.ts';
import { cosineDistance } from '../../../app/recovery/template.ts';
import { encodeText } from '../../../main/engine/text-stage.ts';
import { rootFolder } from '../../guard/source.ts';
import { openEmbeddedPack } from '../engine/rendered.ts';

/** One scene a line, in several wordings and both languages. Neighbours differ in one thing alone. */
const scenes: readonly (readonly string[])[] = [
  ['a striped tiger walks to the left in a park', 'in a park, a tiger walking left', '一只老虎在公园里向左走'],
  ['a striped tiger walks to the right in a park', 'in a park, a tiger walking right', '一只老虎在公园里向右走'],
  ['a striped tiger walks to the left on the beach', '一只老虎在海滩上向左走'],
  ['a whale walks to the left in a park', '公园里,鲸鱼向左走'],
  ['three dolphins in the ocean standing still', 'in the ocean three dolphins stand still', '大海里,三只海豚站着不动'],
  ['a helicopter slowly flies down in the sky', 'in the sky, a helicopter descends', '天空中,一只直升机慢慢下降'],
  ['a bunny jumps on the beach', '一只兔子在海滩上蹦蹦跳跳', '海滩上,兔子跳跃'],
  ['a red camel in the dark night grows larger', 'at night a red camel comes closer', '夜晚,红骆驼越来越近'],
];

it('a threshold parts the wordings of one scene from other scenes, by the embedded pack', async () => {
  // Catches a threshold at which a tiger that goes right is delivered for one that was to go left.
  const { graphs } = await openEmbeddedPack();
  const path = join(rootFolder, 'models', 'wan-mini', 'pack', 'calibration.json');
  const calibration = parseCalibration(await readFile(path, 'utf8'));
  const limit = calibration.ok ? (calibration.value.templates?.sameSceneDistance ?? Number.NaN) : Number.NaN;
  const pooled: (readonly Float32Array[])[] = [];
  for (const wordings of scenes) {
    const rows: Float32Array[] = [];
    for (const wording of wordings) rows.push((await encodeText(graphs, '', wording)).pooled);
    pooled.push(rows);
  }
  const near: number[] = [];
  const far: number[] = [];
  pooled.forEach((rows, scene) =>
    rows.forEach((a, i) => {
      rows.slice(i + 1).forEach((b) => near.push(cosineDistance(a, b) ?? 2));
      pooled.slice(scene + 1).forEach((others) => others.forEach((b) => far.push(cosineDistance(a, b) ?? 2)));
    }),
  );
  expect(Math.min(...far)).toBeGreaterThan(limit);
  const found = near.filter((distance) => distance <= limit).length;
  expect(found / near.length).toBeGreaterThan(0.5);
});
