"""Make a checkpoint with Wan2.2-T2V-A14B's exact configuration, official names and random weights, to prove the exporter.

    /usr/bin/python3 models/export/probe.py CHECKPOINT [--layers 1] [--tiny]

Writes bf16 safetensors, the experts in shards with an index. `--tiny` keeps the structure and narrows every width, for tests.
"""
import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch

from parts import text_encoder, transformer, vae

MEAN = [-.7571, -.7089, -.9113, .1075, -.1745, .9653, -.1517, 1.5508, .4134, -.0715, .5517, -.3632, -.1922, -.9497, .2503, -.2921]
STD = [2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743, 3.2687, 2.1526, 2.8652, 1.5579, 1.6382, 1.1253, 2.8251, 1.9160]
EXPERT = dict(num_attention_heads=40, attention_head_dim=128, in_channels=16, out_channels=16, text_dim=4096, freq_dim=256, ffn_dim=13824,
              patch_size=[1, 2, 2], eps=1e-6)
T5 = dict(vocab_size=1000, d_model=4096, num_layers=1, num_heads=64, d_kv=64, d_ff=10240, relative_attention_num_buckets=32,
          relative_attention_max_distance=128)
TINY = dict(expert=dict(num_attention_heads=2, attention_head_dim=12, text_dim=32, ffn_dim=32),
            t5=dict(vocab_size=200, d_model=32, num_heads=4, d_kv=8, d_ff=48), vae=dict(base_dim=4))


def official_t5_name(name):
    if not name.startswith('block.'):
        return name if name == 'shared.weight' else f'encoder.{name}'
    _, n, rest = name.split('.', 2)
    for own, place in (('attention.', 'layer.0.SelfAttention.'), ('norm_attention.', 'layer.0.layer_norm.'), ('norm_ff.', 'layer.1.layer_norm.')):
        if rest.startswith(own):
            return f'encoder.block.{n}.{place}{rest[len(own):]}'
    return f'encoder.block.{n}.layer.1.DenseReluDense.{rest}'


def draw(name, shape, generator):
    """Values of a size that keeps activations finite: norms near one, products of unit gain."""
    if name.endswith(('gamma',)) or ('norm' in name and name.endswith('weight')):
        return 1 + .1 * torch.randn(shape, generator=generator)
    if name.endswith('bias') or len(shape) < 2:
        return .1 * torch.randn(shape, generator=generator)
    fan_in = int(np.prod(shape[1:])) if 'table' not in name and 'shared' not in name else 4
    return torch.randn(shape, generator=generator) * fan_in ** -.5


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = 2 * tensor.numel()
        header[name] = {'dtype': 'BF16', 'shape': list(tensor.shape), 'data_offsets': [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    with open(path, 'wb') as file:
        file.write(len(text).to_bytes(8, 'little') + text)
        for tensor in tensors.values():
            file.write((tensor.contiguous().numpy().view(np.uint32) >> 16).astype(np.uint16).tobytes())


def write_component(folder, config, module, shards, seed, rename=lambda name: name):
    folder.mkdir(parents=True)
    (folder / 'config.json').write_text(json.dumps(config))
    generator = torch.Generator().manual_seed(seed)
    shapes = {rename(name): tensor.shape for name, tensor in module.named_parameters()}
    names, stem = list(shapes), 'diffusion_pytorch_model'
    part = lambda i: {name: draw(name, shapes[name], generator) for name in names[i::shards]}
    if shards == 1:
        return write_safetensors(folder / f'{stem}.safetensors', part(0))
    files = [f'{stem}-{i + 1:05}-of-{shards:05}.safetensors' for i in range(shards)]
    for i, file in enumerate(files):
        write_safetensors(folder / file, part(i))
    index = {'metadata': {}, 'weight_map': {name: files[i % shards] for i, name in enumerate(names)}}
    (folder / f'{stem}.safetensors.index.json').write_text(json.dumps(index))


def write_checkpoint(checkpoint, layers, tiny):
    narrow = TINY if tiny else dict(expert={}, t5={}, vae={})
    expert, t5 = {**EXPERT, **narrow['expert'], 'num_layers': layers}, {**T5, **narrow['t5']}
    for seed, name in enumerate(['transformer', 'transformer_2']):
        module = transformer.WanTransformer(**expert)
        write_component(checkpoint / name, {'_class_name': 'WanTransformer3DModel', 'cross_attn_norm': True, **expert}, module, 3, seed)
        del module
    write_component(checkpoint / 'text_encoder', {'architectures': ['UMT5EncoderModel'], **t5}, text_encoder.TextEncoder(**t5), 1, 7,
                    official_t5_name)
    config = {**vae.DEFAULTS, **narrow['vae']}
    write_component(checkpoint / 'vae', {'_class_name': 'AutoencoderKLWan', **config, 'latents_mean': MEAN, 'latents_std': STD},
                    vae.WanVaeDecoder(**config), 1, 8)
    (checkpoint / 'tokenizer').mkdir()
    vocab = {word: i for i, word in enumerate(['<pad>', '</s>', '<unk>', *(f'word{i}' for i in range(t5['vocab_size'] - 3))])}
    (checkpoint / 'tokenizer/tokenizer.json').write_text(json.dumps({
        'version': '1.0', 'added_tokens': [], 'normalizer': None, 'pre_tokenizer': {'type': 'Whitespace'}, 'post_processor': None, 'decoder': None,
        'model': {'type': 'WordLevel', 'vocab': vocab, 'unk_token': '<unk>'}}))
    (checkpoint / 'tokenizer/tokenizer_config.json').write_text('{}')


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('checkpoint', type=Path)
    arguments.add_argument('--layers', type=int, default=1)
    arguments.add_argument('--tiny', action='store_true')
    options = arguments.parse_args()
    shutil.rmtree(options.checkpoint, ignore_errors=True)
    write_checkpoint(options.checkpoint, options.layers, options.tiny)


if __name__ == '__main__':
    main()
