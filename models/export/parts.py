"""A checkpoint's parts as modules whose inputs and outputs are those of the pack contract."""
import re
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

from weights import CheckpointError, fill, open_weights, read_json

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from wan import text_encoder, transformer, vae
from wan.vae_decoder import VaeDecoder

LATENT_CHANNELS = 16
# How transformers names what models/wan/text_encoder.py names shorter.
T5_NAMES = [(r'^encoder\.', ''), (r'\.layer\.0\.SelfAttention\.', '.attention.'), (r'\.layer\.0\.layer_norm\.', '.norm_attention.'),
            (r'\.layer\.1\.DenseReluDense\.', '.'), (r'\.layer\.1\.layer_norm\.', '.norm_ff.')]


def own_t5_name(name):
    for pattern, short in T5_NAMES:
        name = re.sub(pattern, short, name)
    # transformers stores the embedding twice.
    return None if name == 'embed_tokens.weight' else name


def read_config(folder, classes, defaults):
    """The keys of config.json that the architecture knows; refuses another architecture."""
    config = read_json(folder / 'config.json')
    kind = config.get('_class_name') or (config.get('architectures') or [classes[0]])[0]
    if kind not in classes:
        raise CheckpointError(f'{folder} holds a {kind}; this exporter takes {" or ".join(classes)}')
    return config, {key: config[key] for key in defaults if key in config}


def load_text_encoder(checkpoint):
    folder = checkpoint / 'text_encoder'
    _, known = read_config(folder, ['UMT5EncoderModel'], text_encoder.DEFAULTS)
    return fill(text_encoder.TextEncoder(**known), open_weights(folder), own_t5_name)


def load_expert(checkpoint, name, map_stride=1):
    folder = checkpoint / name
    config, known = read_config(folder, ['WanTransformer3DModel'], transformer.DEFAULTS)
    if known.get('in_channels', LATENT_CHANNELS) != LATENT_CHANNELS:
        raise CheckpointError(f'{folder}: in_channels is {known["in_channels"]}; text-to-video with the 4×8×8 VAE has {LATENT_CHANNELS}')
    # Wan attends to padding as well (its embeddings are zeros); the small checkpoints made here were trained with a mask.
    return fill(transformer.WanTransformer(map_stride, **{'mask_padding': '_class_name' not in config, **known}), open_weights(folder))


def load_decoder(checkpoint):
    """(decoder with first() and following(), latent mean, latent std)"""
    folder = checkpoint / 'vae'
    if (folder / 'decoder.bin').exists():
        config = read_json(folder / 'config.json') if (folder / 'config.json').exists() else {}
        decoder = fill(VaeDecoder(**config), torch.load(folder / 'decoder.bin', map_location='cpu'))
        return decoder, [0.0] * decoder.channels, [float(x) for x in decoder.scale]
    config, known = read_config(folder, ['AutoencoderKLWan'], vae.DEFAULTS)
    if known.get('z_dim', LATENT_CHANNELS) != LATENT_CHANNELS:
        raise CheckpointError(f'{folder}: z_dim is {known["z_dim"]} (the VAE of TI2V-5B has 48); the experts need {LATENT_CHANNELS}')
    weights = open_weights(folder)
    only_decoder = lambda name: name if name.startswith(('decoder.', 'post_quant_conv.')) else None
    return fill(vae.WanVaeDecoder(**known), weights, only_decoder), config['latents_mean'], config['latents_std']


class FirstFrame(nn.Module):
    """latent [1,C,1,h,w] → frames [1,3,1,8h,8w], caches. A clip's first latent frame stands for one picture."""

    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, latent):
        frames, caches = self.decoder.first(latent)
        return (frames, *caches)


class NextFrames(nn.Module):
    """latent [1,C,1,h,w], caches → frames [1,3,4,8h,8w], caches."""

    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, latent, *caches):
        frames, caches = self.decoder.following(latent, caches)
        return (frames, *caches)


@torch.no_grad()
def fit_latent_rgb(decoder, mean, std, clips=4):
    """Least squares from a latent cell to the mean colour of the picture it becomes: the preview of every step.

    Returns matrix [C][3] and bias [3] for normalised latents and RGB in 0..1."""
    torch.manual_seed(0)
    latent = torch.randn(clips, len(std), 2, 8, 8)
    rows, colours = [], []
    for clip in latent:
        denormalised = clip[None] * torch.tensor(std)[None, :, None, None, None] + torch.tensor(mean)[None, :, None, None, None]
        _, caches = decoder.first(denormalised[:, :, :1])
        frames, _ = decoder.following(denormalised[:, :, 1:], caches)
        # [1,3,4,64,64] → mean colour of each of the 8×8 cells
        colours.append(((frames + 1) / 2).reshape(3, 4, 8, 8, 8, 8).mean((1, 3, 5)).reshape(3, 64).T)
        rows.append(clip[:, 1].reshape(len(std), 64).T)
    rows, colours = torch.cat(rows).numpy(), torch.cat(colours).numpy()
    fit = np.linalg.lstsq(np.concatenate([rows, np.ones((len(rows), 1))], 1), colours, rcond=None)[0]
    return [[round(float(x), 6) for x in row] for row in fit[:-1]], [round(float(x), 6) for x in fit[-1]]
