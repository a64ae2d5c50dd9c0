"""Distil guidance and steps: eight forwards that do what sixteen guided ones (thirty-two forwards) do.

    /usr/bin/python3 models/wan-mini/train/distil.py --minutes 30

The student starts as the spare and learns, from a point on the way that its teacher takes, the mean velocity over two of the teacher's
guided Euler steps (progressive distillation: Salimans and Ho 2022; guidance folded in: Meng et al. 2023). Its expert is
`transformer_few`; a rung that names it runs with guidance 1, which leaves the negative prompt out.
"""
import argparse
import json
import random
import time

import numpy as np
import torch

import corpus
import tokenizer
from grammar import caption
from run import OUT, Muon, batch_text, make_latents
from wan.text_encoder import TextEncoder
from wan.transformer import WanTransformer

STUDENT, TEACHER = 'transformer_few', 'transformer_3'
STEPS, SHIFT, GUIDANCE = 8, 5., 3.5


def schedule(steps, shift=SHIFT):
    """steps + 1 sigmas from 1 to 0, as the engine's `flowSigmas`."""
    t = torch.linspace(1, 0, steps + 1)
    return shift * t / (1 + (shift - 1) * t)


def load(kind, name):
    folder = OUT / name
    module = kind(**json.loads((folder / 'config.json').read_text()))
    module.load_state_dict(torch.load(folder / 'diffusion_pytorch_model.bin'))
    return module.requires_grad_(False)


@torch.no_grad()
def teach(teacher, x, sigmas, at, context, mask, empty):
    """Mean velocity over the teacher's two guided steps from sigma[2·at] to sigma[2·at + 2]; x [B,C,T,h,w], at [B]."""
    start, reached = sigmas[2 * at], x
    for half in (0, 1):
        now, after = sigmas[2 * at + half], sigmas[2 * at + half + 1]
        answers = teacher(torch.cat([reached, reached]), torch.cat([now, now]) * 1000, torch.cat([empty[0], context]), torch.cat([empty[1], mask]))[0]
        negative, positive = answers.float().chunk(2)
        velocity = negative + GUIDANCE * (positive - negative)
        reached = reached + (after - now)[:, None, None, None, None] * velocity
    return (reached - x) / (sigmas[2 * at + 2] - start)[:, None, None, None, None]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--minutes', type=float, default=30)
    options = arguments.parse_args()
    torch.manual_seed(1)
    rng, figures, vocab = random.Random(time.time_ns()), corpus.load_figures(), tokenizer.vocabulary()
    encoder, teacher = load(TextEncoder, 'text_encoder').eval(), load(WanTransformer, TEACHER).train()
    student = load(WanTransformer, STUDENT if (OUT / STUDENT).exists() else TEACHER).train().requires_grad_(True)
    scenes, latents, _ = make_latents(rng, figures, dict(np.load(OUT / 'vae/linear.npz')), 3000)
    compiled = (lambda module: torch.compile(module, dynamic=False)) if hasattr(torch, 'compile') else (lambda module: module)
    run_student, run_teacher = compiled(student), compiled(teacher)
    hidden = [p for n, p in student.named_parameters() if p.ndim == 2 and n.startswith('blocks')]
    rest = [p for n, p in student.named_parameters() if not (p.ndim == 2 and n.startswith('blocks'))]
    muon, adam = Muon(hidden, .006), torch.optim.AdamW(rest, lr=3e-4, betas=(.9, .98))
    sigmas, batch = schedule(2 * STEPS), 16
    ids, mask = batch_text(vocab, [''] * batch)
    empty = encoder(ids, mask)[0], mask.float()
    begin, step, losses = time.time(), 0, []
    while (spent := (time.time() - begin) / 60 / options.minutes) < 1:
        pick = [rng.randrange(len(scenes)) for _ in range(batch)]
        frames = 5 if rng.random() < .8 else 3
        clean = torch.from_numpy(latents[pick][:, :, :frames].astype('f4'))
        ids, mask = batch_text(vocab, [caption(rng, scenes[i], rng.choice(['en', 'zh'])) for i in pick])
        context, mask = encoder(ids, mask)[0], mask.float()
        at = torch.randint(0, STEPS, (batch,))
        sigma = sigmas[2 * at][:, None, None, None, None]
        x = (1 - sigma) * clean + sigma * torch.randn_like(clean)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            target = teach(run_teacher, x, sigmas, at, context, mask, empty)
            velocity = run_student(x, sigmas[2 * at] * 1000, context, mask)[0]
        loss = ((velocity.float() - target) ** 2).mean()
        adam.zero_grad(); muon.zero_grad(); loss.backward()
        torch.nn.utils.clip_grad_norm_(rest, 1.)
        factor = min(1, step / 20) * min(1, max(.03, (1 - spent) / .5))
        for group in adam.param_groups:
            group['lr'] = 3e-4 * factor
        adam.step(); muon.step(factor)
        step += 1; losses.append(loss.item())
        if step % 20 == 0:
            print(f'{step} steps {spent * options.minutes:.1f} min loss {np.mean(losses[-20:]):.4f}', flush=True)
    (OUT / STUDENT).mkdir(exist_ok=True)
    torch.save(student.state_dict(), OUT / STUDENT / 'diffusion_pytorch_model.bin')
    (OUT / STUDENT / 'config.json').write_text(json.dumps(student.config))


if __name__ == '__main__':
    main()
