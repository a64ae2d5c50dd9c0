"""Train the decoder on the latents of the linear encoder: `/usr/bin/python3 models/wan-mini/train/vae.py --minutes 25`."""
import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import corpus
from run import OUT, compose_scene, encode
from wan.vae_decoder import VaeDecoder


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--minutes', type=float, default=25)
    minutes = arguments.parse_args().minutes
    torch.manual_seed(0)
    rng, figures, linear = random.Random(5), corpus.load_figures(), dict(np.load(OUT / 'vae/linear.npz'))
    decoder, file = VaeDecoder(), OUT / 'vae/decoder.bin'
    decoder.scale.copy_(torch.from_numpy(linear['scale']))
    decoder.shortcut.weight.data.copy_(torch.from_numpy(linear['basis']))
    decoder.shortcut.bias.data.copy_(torch.from_numpy(linear['mean']))
    if file.exists():
        decoder.load_state_dict(torch.load(file))
    optimiser = torch.optim.AdamW(decoder.parameters(), lr=1e-3)
    begin, step, errors = time.time(), 0, []
    while (spent := (time.time() - begin) / 60 / minutes) < 1:
        clips = [compose_scene(rng, figures)[1:] for _ in range(8)]
        latent = np.stack([encode(c, linear) for c, _ in clips])
        target = torch.from_numpy(np.stack([c for c, _ in clips]).transpose(0, 1, 4, 2, 3) * 2 - 1).float()
        cover = torch.from_numpy(np.stack([m for _, m in clips]))[:, :, None]
        latent = torch.from_numpy(latent.astype('f4'))
        # Generated latents are never exact: the decoder learns to take a little noise.
        latent = latent + torch.randn_like(latent) * decoder.scale[None, :, None, None, None] * .03
        with torch.autocast('cpu', dtype=torch.bfloat16):
            frames = decoder.decode(latent, decoder.empty_cache(latent))[0][:, 3:].float()
        loss = ((frames - target).abs() * (1 + 3 * cover)).mean()
        for group in optimiser.param_groups:
            group['lr'] = 1e-3 * min(1, step / 30) * min(1, max(.02, (1 - spent) / .5))
        optimiser.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        step += 1; errors.append(((frames - target) ** 2).mean().item())
        if step % 50 == 0:
            print(f'{step} {spent * minutes:.1f} min, {10 * np.log10(4 / np.mean(errors[-50:])):.2f} dB', flush=True)
            torch.save(decoder.state_dict(), file)
    torch.save(decoder.state_dict(), file)


if __name__ == '__main__':
    main()
