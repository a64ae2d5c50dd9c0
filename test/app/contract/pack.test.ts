import fc from 'fast-check';
import { expect, it } from 'vitest';

import { parsePackManifest } from '../../../app/contract/pack.ts';
import { sampleManifest } from '../sample-pack.ts';

type Raw = ReturnType<typeof sampleManifest>;
const text = JSON.stringify(sampleManifest());

it('takes the sample', () => {
  expect(parsePackManifest(text).ok).toBe(true);
});

it.each<[string, (raw: Raw) => unknown, string]>([
  ['null', () => null, 'expected object'],
  ['a list', () => [], 'expected object'],
  ['another format', (raw) => ({ ...raw, format: 'zip' }), 'format: '],
  ['a later version', (raw) => ({ ...raw, formatVersion: 2 }), 'formatVersion: '],
  ['a missing field', (raw) => ({ ...raw, fps: undefined }), 'fps: '],
  ['a field nobody knows', (raw) => ({ ...raw, script: 'rm -rf' }), 'script'],
  ['text for a number', (raw) => ({ ...raw, fps: '8' }), 'fps: '],
  ['no rung', (raw) => ({ ...raw, rungs: [] }), 'rungs: '],
  ['no expert', (raw) => ({ ...raw, experts: [] }), 'experts: '],
  ['frames that the decoder can not make', (raw) => patchRung(raw, { frameCount: 16 }), 'frameCount must be 4n+1'],
  ['a size between cells', (raw) => patchRung(raw, { widthPx: 120 }), 'multiples of 16'],
  ['too few channel means', (raw) => ({ ...raw, latent: { ...raw.latent, mean: [0] } }), '2 entries'],
  ['a spread of zero', (raw) => ({ ...raw, latent: { ...raw.latent, std: [0, 1] } }), 'latent.std.0: '],
  ['a file without a hash', (raw) => ({ ...raw, files: {} }), 'low.onnx is used but has no entry'],
  ['an upper-case hash', (raw) => withFile(raw, 'x', 'A'.repeat(64)), 'files.x.sha256: '],
  ['a path that leads out', (raw) => withFile(raw, '../../etc/passwd'), '../../etc/passwd'],
  ['a path that leads out in its middle', (raw) => withFile(raw, 'a/../../b'), 'a/../../b'],
  ['an absolute path', (raw) => withFile(raw, '/etc/passwd'), '/etc/passwd'],
  ['a path of another system', (raw) => withFile(raw, 'C:\\windows'), 'C:\\windows'],
  ['two experts of one name', (raw) => ({ ...raw, experts: [raw.experts[0], raw.experts[0]] }), 'must differ'],
  ['a range upside down', (raw) => patchExpert(raw, { sigmaFrom: 1, sigmaTo: 0.5 }), 'sigmaFrom must be below'],
  ['a stand-in for nobody', (raw) => patchExpert(raw, { standsInFor: ['ghost'] }), 'unknown expert ghost'],
  [
    'a rung of an expert that is not there',
    (raw) => patchRung(raw, { experts: ['ghost'] }),
    'names unknown expert ghost',
  ],
])('refuses %s in one line that names it', (_, damage, named) => {
  const parsed = parsePackManifest(JSON.stringify(damage(sampleManifest())));
  if (parsed.ok) return expect.unreachable('it was taken');
  expect(parsed.error).toContain(named);
  expect(parsed.error).not.toMatch(/[\r\n]/);
});

it('refuses a manifest that was cut off anywhere', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
      expect(parsePackManifest(text.slice(0, length)).ok).toBe(false);
    }),
  );
});

it('never throws, whatever the JSON', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      expect(parsePackManifest(json).ok).toBe(false);
    }),
  );
});

function patchRung(raw: Raw, part: Partial<Raw['rungs'][number]> & { readonly experts?: readonly string[] }) {
  return { ...raw, rungs: raw.rungs.map((rung, i) => (i === 0 ? { ...rung, ...part } : rung)) };
}
function patchExpert(raw: Raw, part: Partial<Raw['experts'][number]>) {
  return { ...raw, experts: raw.experts.map((expert, i) => (i === 0 ? { ...expert, ...part } : expert)) };
}
function withFile(raw: Raw, path: string, sha256 = 'a'.repeat(64)) {
  return { ...raw, files: { ...raw.files, [path]: { sha256, bytes: 1 } } };
}
