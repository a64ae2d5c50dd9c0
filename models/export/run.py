"""Checkpoint folder (Diffusers layout) → pack.

    /usr/bin/python3 models/export/run.py models/wan-mini/.work/checkpoint models/wan-mini/pack --recipe models/wan-mini/recipe.json

The recipe holds what no weight can tell: names, licences, experts, scheduler, ladder. The pack is written beside its place
and moved there whole; reference numbers of each part go to `parity.json`, and a test compares the graphs with them.
"""
import argparse
import json
import shutil
from pathlib import Path

import torch

from graph import WeightPool, export_graph, round_weights
from parity import probe, summary
from parts import FirstFrame, NextFrames, fit_latent_rgb, load_decoder, load_expert, load_text_encoder
from seal import CALIBRATION, seal
from weights import CheckpointError

EXPERT_OUTPUTS = ['velocity', 'attention_max', 'attention_mean', 'attention_map']
LATENT_AXES = {0: 'batch', 2: 'frames', 3: 'rows', 4: 'columns'}


def export_text_encoder(checkpoint, pack, max_tokens):
    encoder = round_weights(load_text_encoder(checkpoint))
    folder = pack / 'text_encoder'
    folder.mkdir()
    ids = (torch.arange(2 * max_tokens).reshape(2, max_tokens) * 7) % encoder.config['vocab_size']
    mask = torch.stack([torch.arange(max_tokens) < n for n in (max_tokens // 2, max_tokens)]).long()
    tokens = {0: 'batch', 1: 'tokens'}
    export_graph(encoder, (ids, mask), ['input_ids', 'attention_mask'], ['last_hidden_state', 'pooled'],
                 {'input_ids': tokens, 'attention_mask': tokens, 'last_hidden_state': tokens, 'pooled': {0: 'batch'}},
                 folder / 'model.onnx', WeightPool(folder))
    states, pooled = encoder(ids, mask)
    return encoder.config['d_model'], {'last_hidden_state': summary(states), 'pooled': summary(pooled)}


def export_expert(checkpoint, name, pack, max_tokens, map_stride, to_bytes):
    expert = round_weights(load_expert(checkpoint, name, map_stride), to_bytes)
    folder = pack / name
    folder.mkdir()
    c = expert.config
    # Traced at one size, then checked at another: a size frozen into the graph would show.
    example = expert_inputs(c, max_tokens, 2, 4, 6)
    export_graph(expert, example, ['hidden_states', 'timestep', 'encoder_hidden_states', 'token_mask'],
                 EXPERT_OUTPUTS,
                 {'hidden_states': LATENT_AXES, 'velocity': LATENT_AXES, 'timestep': {0: 'batch'},
                  'encoder_hidden_states': {0: 'batch', 1: 'tokens'}, 'token_mask': {0: 'batch', 1: 'tokens'},
                  'attention_max': {0: 'batch', 1: 'tokens'}, 'attention_mean': {0: 'batch', 1: 'tokens'},
                  'attention_map': {0: 'batch', 1: 'tokens', 2: 'frames', 3: 'map_rows', 4: 'map_columns'}},
                 folder / 'model.onnx', WeightPool(folder))
    return {output: summary(tensor) for output, tensor in zip(EXPERT_OUTPUTS, expert(*expert_inputs(c, max_tokens, 3, 6, 8)))}


def expert_inputs(config, max_tokens, frames, rows, columns):
    mask = torch.stack([torch.arange(max_tokens) < n for n in (1, max_tokens // 2)]).float()
    return (probe([2, config['in_channels'], frames, rows, columns]), torch.tensor([900.0, 300.0]),
            probe([2, max_tokens, config['text_dim']]) * mask[:, :, None], mask)


def export_decoder(checkpoint, pack):
    decoder, mean, std = load_decoder(checkpoint)
    decoder = round_weights(decoder)
    folder = pack / 'vae_decoder'
    folder.mkdir()
    pool = WeightPool(folder)
    size, latent = {3: 'rows', 4: 'columns'}, probe([1, decoder.channels, 1, 6, 8])
    first, *cache = FirstFrame(decoder)(latent)
    count = len(cache)
    cache_out = [f'cache_out_{i}' for i in range(count)]
    cache_in = [f'cache_in_{i}' for i in range(count)]
    # Caches inside the decoder are finer than the latent by a power of two: each names its own axes.
    axes = {'latent': size, 'frames': {3: 'pixel_rows', 4: 'pixel_columns'}}
    axes.update({f'cache_{way}_{i}': {3: f'rows_{i}', 4: f'columns_{i}'} for way in ('in', 'out') for i in range(count)})
    export_graph(FirstFrame(decoder), (latent,), ['latent'], ['frames', *cache_out],
                 {k: v for k, v in axes.items() if k not in cache_in}, folder / 'first.onnx', pool)
    export_graph(NextFrames(decoder), (latent, *cache), ['latent', *cache_in], ['frames', *cache_out], axes,
                 folder / 'next.onnx', pool)
    following = NextFrames(decoder)(latent * .5, *cache)[0]
    return (decoder, mean, std, count), {'first': summary(first), 'next': summary(following)}


def copy_settings(checkpoint, part, experts):
    """What weights can't tell and unpack.py needs: heads, norms, and the linear encoder where the decoder belongs to one."""
    places = {**{name: name for name in ('text_encoder', *experts)}, 'vae': 'vae_decoder'}
    for source, target in places.items():
        for name in ('config.json', 'linear.npz'):
            if (checkpoint / source / name).exists():
                shutil.copy(checkpoint / source / name, part / target / name)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('checkpoint', type=Path)
    arguments.add_argument('pack', type=Path)
    arguments.add_argument('--recipe', type=Path, required=True)
    options = arguments.parse_args()
    try:
        export_pack(options)
    except CheckpointError as error:
        shutil.rmtree(part_of(options.pack), ignore_errors=True)
        raise SystemExit(f'Not exported: {error}') from None


def part_of(pack):
    """Where a pack is written before it is whole."""
    return pack.with_name(f'.{pack.name}.part')


def export_pack(options):
    recipe = json.loads(options.recipe.read_text('utf8'))
    # How it is stored is for the exporter alone.
    in_bytes = recipe.pop('int8', [])
    part = part_of(options.pack)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    torch.set_grad_enabled(False)

    max_tokens = recipe['tokenizer']['maxTokens']
    if not (options.checkpoint / 'tokenizer/tokenizer.json').exists():
        raise CheckpointError(f'{options.checkpoint}/tokenizer has no tokenizer.json; a spiece.model alone can\'t be read: save the fast tokenizer')
    shutil.copytree(options.checkpoint / 'tokenizer', part / 'tokenizer')
    width, text = export_text_encoder(options.checkpoint, part, max_tokens)
    stride = recipe['attentionMap']['strideCells']
    experts = {e['id']: export_expert(options.checkpoint, e['id'], part, max_tokens, stride, e['id'] in in_bytes) for e in recipe['experts']}
    (decoder, mean, std, cache_count), frames = export_decoder(options.checkpoint, part)
    matrix, bias = fit_latent_rgb(decoder, mean, std)
    (part / 'parity.json').write_text(json.dumps({'text_encoder': text, 'experts': experts, 'vae_decoder': frames}))
    copy_settings(options.checkpoint, part, [e['id'] for e in recipe['experts']])
    # A calibration belongs to the weights it was measured with: take the file away when they change.
    for name in ('card.md', 'LICENSE', CALIBRATION):
        if (options.recipe.parent / name).exists():
            shutil.copy(options.recipe.parent / name, part / name)

    manifest = {
        'format': 'steadyframe-pack', 'formatVersion': 1, **recipe,
        'tokenizer': {'file': 'tokenizer/tokenizer.json', 'config': 'tokenizer/tokenizer_config.json', **recipe['tokenizer']},
        'textEncoder': {'file': 'text_encoder/model.onnx', 'width': width},
        'experts': [{**e, 'file': f'{e["id"]}/model.onnx'} for e in recipe['experts']],
        'vaeDecoder': {'first': 'vae_decoder/first.onnx', 'next': 'vae_decoder/next.onnx', 'cacheCount': cache_count},
        'latent': {'channels': decoder.channels, 'strideFrames': 4, 'stridePx': 8, 'patchPx': 2,
                   'mean': mean, 'std': std},
        'latentRgb': {'matrix': matrix, 'bias': bias},
        'calibration': None,
    }
    seal(part, manifest)
    shutil.rmtree(options.pack, ignore_errors=True)
    part.rename(options.pack)
    total = sum(f.stat().st_size for f in options.pack.rglob('*') if f.is_file())
    print(f'{options.pack}: {total / 2**20:.1f} MiB')


if __name__ == '__main__':
    main()
