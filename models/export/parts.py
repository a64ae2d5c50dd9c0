"""A checkpoint's parts as modules whose inputs and outputs are those of the pack contract."""
import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from wan.text_encoder import TextEncoder
from wan.transformer import WanTransformer
from wan.vae_decoder import VaeDecoder


def load_module(kind, folder):
    module = kind(**json.loads((folder / 'config.json').read_text()))
    module.load_state_dict(torch.load(folder / 'diffusion_pytorch_model.bin', map_location='cpu'))
    return module


def load_text_encoder(checkpoint):
    return load_module(TextEncoder, checkpoint / 'text_encoder')


def load_expert(checkpoint, name):
    return load_module(WanTransformer, checkpoint / name)


def load_decoder(checkpoint):
    decoder = VaeDecoder()
    decoder.load_state_dict(torch.load(checkpoint / 'vae/decoder.bin', map_location='cpu'))
    return decoder


class FirstFrame(nn.Module):
    """latent [1,C,1,h,w] → frames [1,3,1,8h,8w], caches. A clip's first latent frame stands for one picture."""

    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, latent):
        frames, cache = self.decoder.decode(latent, self.decoder.empty_cache(latent))
        return (frames[:, 3:].permute(0, 2, 1, 3, 4).clamp(-1, 1), *cache)


class NextFrames(nn.Module):
    """latent [1,C,1,h,w], caches → frames [1,3,4,8h,8w], caches."""

    def __init__(self, decoder):
        super().__init__()
        self.decoder = decoder

    def forward(self, latent, *cache):
        frames, cache = self.decoder.decode(latent, cache)
        return (frames.permute(0, 2, 1, 3, 4).clamp(-1, 1), *cache)


@torch.no_grad()
def fit_latent_rgb(decoder, std):
    """Least squares from a latent cell to the mean colour of the picture it becomes: the preview of every step.

    Returns matrix [C][3] and bias [3] for normalised latents and RGB in 0..1."""
    torch.manual_seed(0)
    latent = torch.randn(16, len(std), 2, 8, 8)
    frames, _ = decoder.decode(latent * torch.tensor(std)[None, :, None, None, None], decoder.empty_cache(latent))
    # [16, 8, 3, 64, 64] → mean colour of each of the 16×2×8×8 cells
    colour = (frames.clamp(-1, 1) + 1).reshape(16, 2, 4, 3, 8, 8, 8, 8).mean((2, 5, 7)) / 2
    rows = latent.permute(0, 2, 3, 4, 1).reshape(-1, len(std)).numpy()
    colour = colour.permute(0, 1, 3, 4, 2).reshape(-1, 3).numpy()
    fit = np.linalg.lstsq(np.concatenate([rows, np.ones((len(rows), 1))], 1), colour, rcond=None)[0]
    return [[round(float(x), 6) for x in row] for row in fit[:-1]], [round(float(x), 6) for x in fit[-1]]
