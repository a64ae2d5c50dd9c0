// Flow of pairs with the runtime that ships: node flow.mjs MODEL ROWS COLUMNS [THREADS] < pairs > flows; seconds a pair go to standard error.
// A pair is 2·3·ROWS·COLUMNS float32, a flow 2·ROWS·COLUMNS.
import { readFileSync, writeSync } from 'node:fs';

import * as ort from 'onnxruntime-node';

const [, , model, rows, columns, threads = '2'] = process.argv;
const pixels = Number(rows) * Number(columns);
const bytes = readFileSync(0);
const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
// As the engine opens its graphs (main/engine/runtime.ts): threads that wait awake cost their neighbours.
const options = { intraOpNumThreads: Number(threads), interOpNumThreads: 1, extra: { session: { intra_op: { spin_duration_us: '20' } } } };
const session = await ort.InferenceSession.create(model, options);
const image = (at) => new ort.Tensor('float32', values.slice(at, at + 3 * pixels), [1, 3, Number(rows), Number(columns)]);
const seconds = [];
for (let at = 0; at < values.length; at += 6 * pixels) {
  const pair = { image1: image(at), image2: image(at + 3 * pixels) };
  if (at === 0) await session.run(pair);
  const begin = performance.now();
  const { flow } = await session.run(pair);
  seconds.push((performance.now() - begin) / 1000);
  const data = Buffer.from(flow.data.buffer, flow.data.byteOffset, flow.data.byteLength);
  for (let sent = 0; sent < data.length; ) sent += writeSync(1, data, sent);
}
process.stderr.write(JSON.stringify(seconds));
