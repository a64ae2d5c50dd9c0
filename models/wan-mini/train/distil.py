"""Distil guidance and steps: eight forwards that do what sixteen guided steps (thirty-two forwards) do.

    /usr/bin/python3 models/wan-mini/train/distil.py --minutes 30

The student starts as the spare and learns the mean velocity over two guided Euler steps of its teachers, which are the pack's own experts
(progressive distillation: Salimans and Ho 2022; guidance folded in: Meng et al. 2023). Clips to learn from are not needed: noise and captions
are drawn, and every point of the way is one that the teachers or the student itself have come to, so it also sees its own mistakes.
Its expert is `transformer_few`; a rung that names it has `STEPS` steps of Euler and guidance 1, which leaves the negative prompt out.
"""
import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch

import tokenizer
from grammar import caption, draw_scene
from run import OUT, SHORT, SPARE, WEIGHTS, batch_text, compile_for, load_module, optimisers, save_module
from wan.text_encoder import TextEncoder
from wan.transformer import WanTransformer

RECIPE = Path(__file__).resolve().parents[1] / 'recipe.json'
STUDENT = 'transformer_few'
STEPS = 8


def schedule(steps, shift):
    """steps + 1 sigmas from 1 to 0, as the engine's `flowSigmas`."""
    t = torch.linspace(1, 0, steps + 1)
    return shift * t / (1 + (shift - 1) * t)


def sayable_scene(rng, vocab):
    """(scene, caption) that has no word which the vocabulary lacks: a pack may know less than the grammar."""
    while True:
        text = caption(rng, scene := draw_scene(rng), rng.choice(['en', 'zh']))
        if tokenizer.UNKNOWN not in tokenizer.encode(vocab, text):
            return scene, text


def grid_of(recipe, size):
    """(latent frames of the rungs, rows, columns): of the recipe, or of a size that has no recipe yet."""
    if size:
        frames, rows, columns = size.latent
        return sorted({min(SHORT, frames), frames}), rows, columns
    rung = recipe['rungs'][0]
    return sorted({(r['frameCount'] + 3) // 4 for r in recipe['rungs']}), rung['heightPx'] // 8, rung['widthPx'] // 8


class Way:
    """A batch on its way from noise to clips; `at` counts the student's steps."""

    def __init__(self, rng, vocab, encoder, shape, device):
        ids, mask = batch_text(vocab, [sayable_scene(rng, vocab)[1] for _ in range(shape[0])])
        self.context, self.mask = encoder(ids.to(device), mask.to(device))[0], mask.float().to(device)
        self.x, self.at = torch.randn(shape, device=device), 0


class Teachers:
    """The pack's experts under guidance, chosen by sigma as the engine does."""

    def __init__(self, recipe, encoder, vocab, device, compiled):
        load = lambda name: compile_for(load_module(WanTransformer, name, device).train().requires_grad_(False), compiled)
        self.experts = [(e['sigmaFrom'], e['guidance'], load(e['id'])) for e in recipe['experts'] if e['weight'] > 0]
        self.device, ids_mask = device, batch_text(vocab, [''])
        self.empty = encoder(ids_mask[0].to(device), ids_mask[1].to(device))[0], ids_mask[1].float().to(device)

    def walk(self, way, sigmas):
        """Mean velocity over two guided steps from where the batch is, and where they lead."""
        x = way.x
        batch = x.shape[0]
        both = [torch.cat([empty.expand(batch, *empty.shape[1:]), given]) for empty, given in zip(self.empty, (way.context, way.mask))]
        for half in (0, 1):
            now, after = sigmas[2 * way.at + half], sigmas[2 * way.at + half + 1]
            _, guidance, expert = max((e for e in self.experts if e[0] <= now), key=lambda e: e[0])
            answers = expert(torch.cat([x, x]), torch.full((2 * batch,), float(now) * 1000, device=self.device), *both)[0]
            negative, positive = answers.float().chunk(2)
            x = x + (after - now) * (negative + guidance * (positive - negative))
        return (x - way.x) / (sigmas[2 * way.at + 2] - sigmas[2 * way.at]), x


def distil(minutes, batch=12, ways=4, size=None, device='cpu', compiled=False):
    """Trains `transformer_few` beside the other experts of the checkpoint; goes on from it where it is there."""
    recipe, vocab = json.loads(RECIPE.read_text('utf8')), json.loads((OUT / 'tokenizer/tokenizer.json').read_text('utf8'))['model']['vocab']
    rng = random.Random(time.time_ns())
    lengths, rows, columns = grid_of(recipe, size)
    encoder = load_module(TextEncoder, 'text_encoder', device).eval().requires_grad_(False)
    teachers, sigmas = Teachers(recipe, encoder, vocab, device, compiled), schedule(2 * STEPS, recipe['scheduler']['shift'])
    student = load_module(WanTransformer, STUDENT if (OUT / STUDENT / WEIGHTS).exists() else SPARE, device).train()
    # The longest clips most often.
    fresh = lambda: Way(rng, vocab, encoder, [batch, 16, lengths[-1] if rng.random() < .8 else rng.choice(lengths), rows, columns], device)
    run = compile_for(student, compiled)
    muon, adam, rest = optimisers(student, .006, 3e-4)
    under_way = [fresh() for _ in range(ways)]
    # They begin at different places, so that neighbouring steps are at different noise.
    with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
        for i, way in enumerate(under_way):
            while way.at < i * STEPS // ways:
                way.x, way.at = teachers.walk(way, sigmas)[1], way.at + 1
    begin = saved = time.time()
    step, losses = 0, []
    while (spent := (time.time() - begin) / 60 / minutes) < 1:
        slot = step % ways
        if under_way[slot].at == STEPS:
            under_way[slot] = fresh()
        way = under_way[slot]
        with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
            target, reached = teachers.walk(way, sigmas)
        with torch.autocast(device, dtype=torch.bfloat16):
            velocity = run(way.x, torch.full((batch,), float(sigmas[2 * way.at]) * 1000, device=device), way.context, way.mask)[0].float()
        loss = ((velocity - target) ** 2).mean()
        adam.zero_grad(); muon.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.)
        factor = min(1, (step + 1) / 20) * min(1, max(.03, (1 - spent) / .5))
        for group in adam.param_groups:
            group['lr'] = 3e-4 * factor
        adam.step(); muon.step(factor)
        # Half of the ways go on where the student itself would have come to.
        own = way.x + (sigmas[2 * way.at + 2] - sigmas[2 * way.at]) * velocity.detach()
        way.x, way.at = own if slot % 2 else reached, way.at + 1
        step += 1; losses.append(loss.item())
        if step % 25 == 0:
            print(f'student: {step} steps {step * batch} samples {spent * minutes:.1f} min loss {np.mean(losses[-8 * ways:]):.4f}', flush=True)
        if time.time() - saved > 120:
            save_module(student, STUDENT); saved = time.time()
    save_module(student, STUDENT)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--minutes', type=float, default=30)
    arguments.add_argument('--threads', type=int, default=0, help='1 where others use the cores: two threads wait for each other')
    options = arguments.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    distil(options.minutes)


if __name__ == '__main__':
    main()
