"""Pack → checkpoint folder (Diffusers layout): training goes on from what was shipped, where the checkpoint is gone.

    /usr/bin/python3 models/export/unpack.py models/wan-mini/pack models/wan-mini/.work/checkpoint

Exporting the folder again gives the same graphs and the same parity.json: check.py holds it to that.
"""
import argparse
import json
import shutil
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper

from graph import BYTES, HALF, SCALE, TRANSPOSED


def read_weights(file):
    """A graph's named weights as float32 tensors, by the names that the checkpoint has."""
    weights, stored = {}, {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(str(file)).graph.initializer}
    for name, array in stored.items():
        if '::' in name or name.endswith(SCALE):
            continue  # a constant of the tracer's own, or read with its matrix
        if name.endswith(BYTES):
            name = name[:-len(BYTES)]
            array = array.astype('f4') * stored[name + SCALE]
        if name.endswith(HALF):
            name, array = name[:-len(HALF)], array.astype('f4')
        if name.endswith(TRANSPOSED):
            name, array = name[:-len(TRANSPOSED)], array.T
        weights[name] = torch.from_numpy(array.copy())
    return weights


def unpack(pack, checkpoint):
    manifest = json.loads((pack / 'pack.json').read_text('utf8'))
    part = checkpoint.with_name(f'.{checkpoint.name}.part')
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(pack / 'tokenizer', part / 'tokenizer')
    for name in ('text_encoder', *(expert['id'] for expert in manifest['experts'])):
        (part / name).mkdir()
        shutil.copy(pack / name / 'config.json', part / name)
        torch.save(read_weights(pack / name / 'model.onnx'), part / name / 'diffusion_pytorch_model.bin')
    # Both graphs of the decoder hold all of its weights, inside of a module of that name.
    decoder = {name[len('decoder.'):]: tensor for name, tensor in read_weights(pack / manifest['vaeDecoder']['next']).items()}
    (part / 'vae').mkdir()
    shutil.copy(pack / 'vae_decoder/config.json', part / 'vae')
    if (pack / 'vae_decoder/linear.npz').exists():
        shutil.copy(pack / 'vae_decoder/linear.npz', part / 'vae')
        torch.save({**decoder, 'scale': torch.tensor(manifest['latent']['std'])}, part / 'vae/decoder.bin')
    else:
        torch.save(decoder, part / 'vae/diffusion_pytorch_model.bin')
    shutil.rmtree(checkpoint, ignore_errors=True)
    part.rename(checkpoint)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('pack', type=Path)
    arguments.add_argument('checkpoint', type=Path)
    options = arguments.parse_args()
    if options.checkpoint.exists():
        raise SystemExit(f'{options.checkpoint} is there already: move it away first')
    unpack(options.pack, options.checkpoint)


if __name__ == '__main__':
    main()
