"""Does the exporter take what it should and refuse the rest by name? `/usr/bin/python3 models/export/check.py`"""
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

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

    def test_exports_a_whole_checkpoint(self):
        pack = self.folder / 'good'
        result = python('run.py', self.whole, pack, '--recipe', RECIPE)
        self.assertEqual(result.returncode, 0, result.stderr)
        manifest = json.loads((pack / 'pack.json').read_text())
        # conv_in, 2 resnets in the middle, 4 stages of 3, 2 temporal upsamplers, conv_out
        self.assertEqual(manifest['vaeDecoder']['cacheCount'], 1 + 2 * 2 + 4 * 3 * 2 + 2 + 1)
        self.assertAlmostEqual(manifest['latent']['mean'][0], -.7571)
        self.assertEqual(manifest['latent']['patchPx'], 2)

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
