"""Train the decoder on the latents of the linear encoder: `/usr/bin/python3 models/wan-mini/train/vae.py --minutes 25`."""
import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from pool import Stream, encode, make_clips
from run import OUT
from sizes import SIZES
from wan.vae_decoder import VaeDecoder

BATCH = 8
NOISE = .15
"""Most noise of a latent, in its channels' deviations."""


def load_decoder(linear):
    """The checkpoint's decoder; where there is none, one whose linear shortcut undoes the encoder."""
    config, file = OUT / 'vae/config.json', OUT / 'vae/decoder.bin'
    decoder = VaeDecoder(**(json.loads(config.read_text()) if config.exists() else {}))
    if file.exists():
        decoder.load_state_dict({k: v.float() for k, v in torch.load(file, map_location='cpu').items()})
        return decoder
    decoder.scale.copy_(torch.from_numpy(linear['scale']))
    decoder.shortcut.weight.data.copy_(torch.from_numpy(linear['basis']))
    decoder.shortcut.bias.data.copy_(torch.from_numpy(linear['mean']))
    return decoder


def save_decoder(decoder):
    (OUT / 'vae').mkdir(parents=True, exist_ok=True)
    (OUT / 'vae/config.json').write_text(json.dumps(decoder.config))
    torch.save({k: v.cpu() for k, v in decoder.state_dict().items()}, OUT / 'vae/decoder.tmp')
    (OUT / 'vae/decoder.tmp').replace(OUT / 'vae/decoder.bin')


def train_decoder(linear, minutes, stream, device='cpu'):
    """`stream` gives clips with the coverage of their figures (pool.make_clips)."""
    decoder = load_decoder(linear).to(device)
    optimiser = torch.optim.AdamW(decoder.parameters(), lr=1e-3)
    begin, step, errors = time.time(), 0, []
    while (spent := (time.time() - begin) / 60 / minutes) < 1:
        clips, cover = stream.next()
        latent = torch.from_numpy(np.stack([encode(clip.astype(np.float32) / 255, linear) for clip in clips]).astype('f4')).to(device)
        target = torch.from_numpy(clips.transpose(0, 1, 4, 2, 3).copy()).to(device).float() / 127.5 - 1
        cover = torch.from_numpy(cover).to(device)[:, :, None].float() / 255
        # Generated latents are never exact: the decoder learns to take noise, of some clips more than of others, and not to show it as blocks.
        amount = NOISE * torch.rand(len(latent), 1, 1, 1, 1, device=device)
        latent = latent + torch.randn_like(latent) * decoder.scale[None, :, None, None, None] * amount
        with torch.autocast(device, dtype=torch.bfloat16):
            frames = decoder.decode(latent, decoder.empty_cache(latent))[0][:, 3:].float()
        loss = ((frames - target).abs() * (1 + 3 * cover)).mean()
        for group in optimiser.param_groups:
            group['lr'] = 1e-3 * min(1, (step + 1) / 30) * min(1, max(.02, (1 - spent) / .5))
        optimiser.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        step += 1; errors.append(((frames - target) ** 2).mean().detach())
        if step % 50 == 0:
            print(f'decoder: {step} steps {spent * minutes:.1f} min {10 * np.log10(4 / torch.stack(errors[-50:]).mean().item()):.2f} dB', flush=True)
            save_decoder(decoder)
    save_decoder(decoder)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--minutes', type=float, default=25)
    arguments.add_argument('--size', choices=SIZES, default='cpu')
    options = arguments.parse_args()
    torch.manual_seed(0)
    linear = dict(np.load(OUT / 'vae/linear.npz'))
    train_decoder(linear, options.minutes, Stream(make_clips, (linear, SIZES[options.size], BATCH), 5))


if __name__ == '__main__':
    main()
