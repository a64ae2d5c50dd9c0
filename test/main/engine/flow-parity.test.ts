import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';
import { z } from 'zod';

import { openGraph } from '../../../main/engine/runtime.ts';
import { rootFolder } from '../../guard/source.ts';

const summary = z.strictObject({ shape: z.array(z.int()), rms: z.number(), values: z.array(z.number()) });
const folder = join(rootFolder, 'models', 'raft-mini', 'pack');

/** sin(0.37 i) as a picture in 0..1, or its negative: the exporter's pair, made again. */
const picture = (sign: 1 | -1) => ({
  data: Float32Array.from({ length: 3 * 96 * 160 }, (_, i) => Math.fround(Math.sin(i * 0.37)) * 0.5 * sign + 0.5),
  shape: [1, 3, 96, 160],
});

it('the graph of raft-mini gives what PyTorch gives, within 1e-3 of the root mean square', async () => {
  const { flow: expected } = z
    .strictObject({ flow: summary })
    .parse(JSON.parse(await readFile(join(folder, 'parity.json'), 'utf8')));
  const graph = await openGraph(join(folder, 'model.onnx'), 2);
  const { flow } = await graph.run({ image1: picture(1), image2: picture(-1) });
  if (!(flow?.data instanceof Float32Array)) throw new Error('no flow of float32');
  expect(flow.shape).toEqual(expected.shape);
  const last = expected.values.length - 1;
  for (const [i, value] of expected.values.entries()) {
    const got = flow.data[Math.floor((i * (flow.data.length - 1)) / last)] ?? Number.NaN;
    expect(Math.abs(got - value) / expected.rms).toBeLessThan(1e-3);
  }
});
