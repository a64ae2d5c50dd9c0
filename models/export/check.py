"""Does the exporter take what it should and refuse the rest by name? `/usr/bin/python3 models/export/check.py`"""
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import onnx

HERE = Path(__file__).resolve().parent
RECIPE = HERE / 'recipe-a14b.json'


def python(script, *arguments):
    return subprocess.run([sys.executable, HERE / script, *map(str, arguments)], capture_output=True, text=True)


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.whole = cls.folder / 'whole'
        assert python('probe.py', cls.whole, '--tiny', '--layers', '2').returncode == 0

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def refuses(self, damage, *words):
        """Export a damaged copy: one line that has `words`, exit code 1, and no half of a pack is left."""
        copy, pack = self.folder / 'copy', self.folder / 'pack'
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.whole, copy)
        damage(copy)
        result = python('run.py', copy, pack, '--recipe', RECIPE)
        last = result.stderr.strip().splitlines()[-1]
        self.assertEqual(result.returncode, 1, last)
        self.assertTrue(last.startswith('Not exported: '), last)
        for word in words:
            self.assertIn(word, last)
        self.assertFalse(pack.exists())
        self.assertFalse(pack.with_name('.pack.part').exists())

    def good(self):
        """The whole checkpoint as a pack, exported once for all."""
        pack = self.folder / 'good'
        if not pack.exists():
            result = python('run.py', self.whole, pack, '--recipe', RECIPE)
            self.assertEqual(result.returncode, 0, result.stderr)
        return pack

    def test_exports_a_whole_checkpoint(self):
        pack = self.good()
        manifest = json.loads((pack / 'pack.json').read_text())
        # conv_in, 2 resnets in the middle, 4 stages of 3, 2 temporal upsamplers, conv_out
        self.assertEqual(manifest['vaeDecoder']['cacheCount'], 1 + 2 * 2 + 4 * 3 * 2 + 2 + 1)
        self.assertAlmostEqual(manifest['latent']['mean'][0], -.7571)
        self.assertEqual(manifest['latent']['patchPx'], 2)

    def test_unpacks_what_it_exported(self):
        first, again, checkpoint = self.good(), self.folder / 'again', self.folder / 'unpacked'
        result = python('unpack.py', first, checkpoint)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(python('unpack.py', first, checkpoint).returncode, 1, 'a checkpoint that is there was overwritten')
        self.assertEqual(python('run.py', checkpoint, again, '--recipe', RECIPE).returncode, 0)
        self.assertEqual((first / 'pack.json').read_text(), (again / 'pack.json').read_text())

    def test_halves_experts_and_still_unpacks_to_the_same_bytes(self):
        recipe = self.folder / 'recipe-int8.json'
        recipe.write_text(json.dumps({**json.loads(RECIPE.read_text('utf8')), 'int8': ['transformer']}))
        first, again, checkpoint = (self.folder / f'int8-{name}' for name in ('first', 'again', 'unpacked'))
        result = python('run.py', self.whole, first, '--recipe', recipe)
        self.assertEqual(result.returncode, 0, result.stderr)
        weights = lambda name: sum(f.stat().st_size for f in (first / name).glob('weights-*'))
        self.assertLess(weights('transformer'), .65 * weights('transformer_2'))
        velocity = [json.loads((pack / 'parity.json').read_text())['experts']['transformer']['velocity'] for pack in (self.good(), first)]
        apart = max(abs(a - b) for a, b in zip(*(v['values'] for v in velocity))) / velocity[0]['rms']
        self.assertLess(apart, .05)
        self.assertEqual(python('unpack.py', first, checkpoint).returncode, 0)
        self.assertEqual(python('run.py', checkpoint, again, '--recipe', recipe).returncode, 0)
        self.assertEqual((first / 'pack.json').read_text(), (again / 'pack.json').read_text())

    def test_a_seal_follows_the_files(self):
        pack = self.folder / 'sealed'
        shutil.copytree(self.good(), pack)
        before = (pack / 'pack.json').read_text()
        (pack / 'calibration.json').write_text('{}')
        self.assertEqual(python('seal.py', pack).returncode, 0)
        manifest = json.loads((pack / 'pack.json').read_text())
        self.assertEqual((manifest['calibration'], manifest['files']['calibration.json']['bytes']), ('calibration.json', 2))
        (pack / 'calibration.json').unlink()
        self.assertEqual(python('seal.py', pack).returncode, 0)
        self.assertEqual((pack / 'pack.json').read_text(), before)

    def test_a_map_of_attention_stays_small(self):
        graph = onnx.load(str(self.good() / 'transformer/model.onnx'), load_external_data=False).graph
        self.assertEqual([output.name for output in graph.output], ['velocity', 'attention_max', 'attention_mean', 'attention_map'])
        known = json.loads((self.good() / 'parity.json').read_text())['experts']['transformer']['attention_map']['shape']
        # 3 frames of 6 × 8 cells are 3 × 4 patches, which one cell of 5 × 5 patches covers
        self.assertEqual(known[2:], [3, 1, 1])

    def test_refuses_a_missing_shard(self):
        self.refuses(lambda c: next((c / 'transformer').glob('*-00002-*')).unlink(), '00002', 'missing')

    def test_refuses_a_cut_off_file(self):
        def cut(checkpoint):
            file = next((checkpoint / 'transformer_2').glob('*-00001-*'))
            file.write_bytes(file.read_bytes()[:-10])
        self.refuses(cut, '00001', 'ends before its last tensor')

    def test_refuses_another_architecture(self):
        self.refuses(lambda c: set_config(c / 'transformer', _class_name='HunyuanVideoTransformer3DModel'), 'Hunyuan', 'WanTransformer3DModel')

    def test_refuses_the_48_channel_vae(self):
        self.refuses(lambda c: set_config(c / 'vae', z_dim=48), '48', '16')

    def test_refuses_experts_of_other_channels(self):
        self.refuses(lambda c: set_config(c / 'transformer', in_channels=36), 'in_channels', '36', '16')

    def test_refuses_shapes_that_differ_from_the_configuration(self):
        self.refuses(lambda c: set_config(c / 'transformer', ffn_dim=40), 'ffn', '[32', '[40')

    def test_refuses_layers_that_are_not_there(self):
        self.refuses(lambda c: set_config(c / 'transformer', num_layers=3), 'lacks blocks.2.')

    def test_refuses_a_tokenizer_it_cannot_read(self):
        self.refuses(lambda c: (c / 'tokenizer/tokenizer.json').unlink(), 'tokenizer.json')


def set_config(folder, **values):
    file = folder / 'config.json'
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


if __name__ == '__main__':
    unittest.main()
