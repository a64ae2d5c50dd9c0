"""Train raft-mini: `/usr/bin/python3 models/raft-mini/train/run.py --minutes 60`; goes on from its checkpoint."""
import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import data
from model import Raft

OUT = Path(__file__).resolve().parents[1] / '.work/checkpoint'
BATCH, FRESH, POOL, RATE = 12, 4, 3000, 8e-4


class Pairs:
    """Pairs as bytes and half floats; every batch brings some fresh ones, the others are turned over and disturbed anew."""

    def __init__(self, seed):
        self.rng, self.python_rng, self.figures = np.random.default_rng(seed), random.Random(seed), data.corpus.load_figures()
        self.kept, self.drawn = [], 0
        self.names = [name for name in self.figures if name not in data.HELD_OUT]
        for _ in range(POOL // 5):
            self.draw()

    def draw(self):
        one, two, flow = data.draw_pair(self.rng, self.python_rng, self.figures, self.names)
        pair = [(np.clip(image, 0, 1) * 255).round().astype(np.uint8) for image in (one, two)] + [flow.astype(np.float16)]
        if len(self.kept) < POOL:
            self.kept.append(pair)
        else:
            self.kept[self.drawn % POOL] = pair
        self.drawn += 1

    def batch(self):
        """(image1, image2 [B,3,H,W], flow [B,2,H,W]), disturbed."""
        for _ in range(FRESH):
            self.draw()
        rows = [self.turn(self.kept[i]) for i in self.rng.integers(len(self.kept), size=BATCH)]
        return [torch.from_numpy(np.stack(part).transpose(0, 3, 1, 2).copy()) for part in zip(*rows)]

    def turn(self, pair):
        one, two, flow = pair
        one, two, flow = one.astype(np.float32) / 255, two.astype(np.float32) / 255, flow.astype(np.float32)
        if self.rng.random() < .5:
            one, two, flow = one[:, ::-1], two[:, ::-1], flow[:, ::-1] * np.float32([-1, 1])
        if self.rng.random() < .5:
            one, two, flow = one[::-1], two[::-1], flow[::-1] * np.float32([1, -1])
        colours = self.rng.permutation(3)
        one, two = (np.ascontiguousarray(image[..., colours]) for image in (one, two))
        return (*(data.disturb(self.rng, (one, two)) if self.rng.random() < .7 else (one, two)), flow)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--minutes', type=float, default=60)
    arguments.add_argument('--decay', type=float, default=.5, help='share of the run in which the rate falls; 0 where more runs follow')
    arguments.add_argument('--rate', type=float, default=RATE)
    arguments.add_argument('--threads', type=int, default=0, help='1 where others use the cores: two threads wait for each other')
    options = arguments.parse_args()
    torch.manual_seed(0)
    if options.threads:
        torch.set_num_threads(options.threads)
    model, state = Raft(), {'pairs': 0, 'minutes': 0}
    OUT.mkdir(parents=True, exist_ok=True)
    if (OUT / 'state.json').exists():
        state = json.loads((OUT / 'state.json').read_text())
        model.load_state_dict(torch.load(OUT / 'model.bin', map_location='cpu'))
    pairs, before = Pairs(state['pairs']), state['minutes']
    model = model.to(memory_format=torch.channels_last).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=1e-5)
    begin = saved = time.time()
    step, errors = 0, []
    while (spent := (time.time() - begin) / 60 / options.minutes) < 1:
        one, two, truth = pairs.batch()
        with torch.autocast('cpu', dtype=torch.bfloat16):
            fine, coarse = model(one, two)
        cells = F.avg_pool2d(truth, 8) / 8
        loss = (fine - truth).abs().mean() + sum(.8 ** (len(coarse) - i) * 8 * (flow - cells).abs().mean() for i, flow in enumerate(coarse))
        for group in optimiser.param_groups:
            group['lr'] = options.rate * min(1, (step + 1) / 100) * (min(1, max(.02, (1 - spent) / options.decay)) if options.decay else 1)
        optimiser.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.)
        optimiser.step()
        step += 1; state['pairs'] += BATCH; errors.append((fine.detach() - truth).norm(dim=1).mean().item())
        if step % 50 == 0:
            print(f'{step} {state["pairs"]} pairs {spent * options.minutes:.1f} min end-point error {np.mean(errors[-50:]):.3f} px', flush=True)
        if time.time() - saved > 60:
            state['minutes'] = before + round(spent * options.minutes, 1)
            save(model, state); saved = time.time()
    save(model, {**state, 'minutes': before + options.minutes})


def save(model, state):
    torch.save(model.state_dict(), OUT / 'model.tmp')
    (OUT / 'model.tmp').replace(OUT / 'model.bin')
    (OUT / 'config.json').write_text(json.dumps(model.config))
    (OUT / 'state.json').write_text(json.dumps(state))


if __name__ == '__main__':
    main()
