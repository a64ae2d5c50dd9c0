"""Train raft-mini: `/usr/bin/python3 models/raft-mini/train/run.py --minutes 60`; goes on from its checkpoint."""
import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch

import data
from model import Raft

OUT = Path(__file__).resolve().parents[1] / '.work/checkpoint'
BATCH, RATE = 8, 6e-4


def batch_of(rng, python_rng, figures, names, count):
    """(image1, image2 [B,3,H,W], flow [B,2,H,W]), disturbed."""
    rows = []
    for _ in range(count):
        one, two, flow = data.draw_pair(rng, python_rng, figures, names)
        rows.append((*data.disturb(rng, (one, two)), flow))
    return [torch.from_numpy(np.stack(part).transpose(0, 3, 1, 2).copy()).float() for part in zip(*rows)]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--minutes', type=float, default=60)
    arguments.add_argument('--decay', type=float, default=.5, help='share of the run in which the rate falls; 0 where more runs follow')
    options = arguments.parse_args()
    torch.manual_seed(0)
    model, state = Raft(), {'pairs': 0}
    OUT.mkdir(parents=True, exist_ok=True)
    if (OUT / 'state.json').exists():
        state = json.loads((OUT / 'state.json').read_text())
        model.load_state_dict(torch.load(OUT / 'model.bin'))
    rng, python_rng, figures = np.random.default_rng(state['pairs']), random.Random(state['pairs']), data.corpus.load_figures()
    names = [name for name in figures if name not in data.HELD_OUT]
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-5)
    begin = saved = time.time()
    step, errors = 0, []
    model.train()
    while (spent := (time.time() - begin) / 60 / options.minutes) < 1:
        one, two, truth = batch_of(rng, python_rng, figures, names, BATCH)
        flows = model(one, two)
        loss = sum(.8 ** (len(flows) - 1 - i) * (flow - truth).abs().mean() for i, flow in enumerate(flows))
        for group in optimiser.param_groups:
            group['lr'] = RATE * min(1, step / 100) * (min(1, max(.02, (1 - spent) / options.decay)) if options.decay else 1)
        optimiser.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.)
        optimiser.step()
        step += 1; state['pairs'] += BATCH; errors.append((flows[-1].detach() - truth).norm(dim=1).mean().item())
        if step % 50 == 0:
            print(f'{step} {state["pairs"]} pairs {spent * options.minutes:.1f} min end-point error {np.mean(errors[-50:]):.3f} px', flush=True)
        if time.time() - saved > 60 or spent > .999:
            save(model, state); saved = time.time()
    save(model, state)


def save(model, state):
    torch.save(model.state_dict(), OUT / 'model.tmp')
    (OUT / 'model.tmp').replace(OUT / 'model.bin')
    (OUT / 'config.json').write_text(json.dumps(model.config))
    (OUT / 'state.json').write_text(json.dumps(state))


if __name__ == '__main__':
    main()
