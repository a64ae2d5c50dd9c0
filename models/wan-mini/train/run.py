"""Train wan-mini: text encoder by what captions say, a linear causal encoder, then one of the three experts.

    /usr/bin/python3 models/wan-mini/train/run.py --minutes 90                            the spare, for the whole range
    /usr/bin/python3 models/wan-mini/train/run.py --minutes 10 --expert transformer       high noise, forked from the spare
    /usr/bin/python3 models/wan-mini/train/run.py --minutes 10 --expert transformer_2     low noise, forked from the spare

The checkpoint (models/wan-mini/.work/checkpoint, Diffusers layout) is written every two minutes; a second run goes on from it. On a graphics
card gpu.py does all of it, with the same functions.
"""
import argparse
import json
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import corpus
import tokenizer
from grammar import ATTRIBUTES, caption, draw_scene
from pool import CHANNELS, Pool, fit_linear
from sizes import SIZES
from wan.text_encoder import TextEncoder
from wan.transformer import WanTransformer

OUT = corpus.WORK / 'checkpoint'
WEIGHTS = 'diffusion_pytorch_model.bin'
BOUNDARY = .875
RANGES = {'transformer': (BOUNDARY, 1), 'transformer_2': (0, BOUNDARY), 'transformer_3': (0, 1)}
SPARE = 'transformer_3'
SHORT = 3


def batch_text(vocab, texts, length=tokenizer.MAX_TOKENS):
    """(ids [B,length], mask [B,length]); one length for all batches, so that a compiled model is compiled once."""
    rows = [tokenizer.encode(vocab, text)[:length] for text in texts]
    ids = torch.tensor([row + [tokenizer.PAD] * (length - len(row)) for row in rows])
    return ids, (torch.arange(length)[None] < torch.tensor([len(row) for row in rows])[:, None]).long()


def train_text(vocab, rng, minutes, device='cpu'):
    """The encoder learns to tell every attribute of a scene; then it is frozen, as umT5 is in Wan."""
    encoder = TextEncoder(vocab_size=len(vocab)).to(device)
    heads = nn.ModuleList([nn.Linear(192, len(values)) for values in ATTRIBUTES.values()]).to(device)
    optimiser = torch.optim.AdamW([*encoder.parameters(), *heads.parameters()], lr=1e-3)
    end, step = time.time() + 60 * minutes, 0
    while (left := end - time.time()) > 0:
        scenes = [draw_scene(rng) for _ in range(64)]
        ids, mask = batch_text(vocab, [caption(rng, scene, rng.choice(['en', 'zh'])) for scene in scenes])
        ids = torch.where((torch.rand(ids.shape) < .03) & (ids > 2), torch.full_like(ids, tokenizer.UNKNOWN), ids)
        pooled = encoder(ids.to(device), mask.to(device))[1]
        labels = torch.tensor([scene.labels() for scene in scenes], device=device)
        losses = [F.cross_entropy(head(pooled), labels[:, i]) for i, head in enumerate(heads)]
        for group in optimiser.param_groups:
            group['lr'] = 1e-3 * min(1, (step + 1) / 50) * min(1, left / (30 * minutes))
        optimiser.zero_grad(); sum(losses).backward(); optimiser.step()
        step += 1
        if step % 200 == 0:
            print(f'text: {step} steps, ' + ', '.join(f'{n} {l.item():.3f}' for n, l in zip(ATTRIBUTES, losses)), flush=True)
    save_module(encoder, 'text_encoder')
    tokenizer.save(vocab, OUT / 'tokenizer')
    return encoder.eval().requires_grad_(False)


class Muon:
    """Momentum, orthogonalised by Newton-Schulz, for the hidden matrices; same shapes are done in one batch."""

    def __init__(self, parameters, lr):
        self.lr, self.groups = lr, {}
        for p in parameters:
            self.groups.setdefault(tuple(p.shape), []).append((p, torch.zeros_like(p)))

    def zero_grad(self):
        for group in self.groups.values():
            for p, _ in group:
                p.grad = None

    @torch.no_grad()
    def step(self, factor):
        for shape, group in self.groups.items():
            for p, m in group:
                m.mul_(.95).add_(p.grad)
            x = torch.stack([p.grad + .95 * m for p, m in group]).bfloat16()
            flip = shape[0] > shape[1]
            x = x.transpose(1, 2) if flip else x
            x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
            for _ in range(5):
                a = x @ x.transpose(1, 2)
                x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
            x = (x.transpose(1, 2) if flip else x).float()
            for (p, _), update in zip(group, x):
                p.mul_(1 - .01 * self.lr * factor).add_(update, alpha=-self.lr * factor * max(1, shape[0] / shape[1]) ** .5)


def compile_for(model, wanted=True):
    """Compiled where PyTorch can and it is wanted; one graph for each shape."""
    return torch.compile(model, dynamic=False) if wanted and hasattr(torch, 'compile') else model


def optimisers(model, muon_rate, adam_rate):
    """Muon for the matrices of the blocks, AdamW for the rest; and that rest, whose gradients are clipped."""
    is_hidden = lambda name, p: p.ndim == 2 and name.startswith('blocks')
    hidden = [p for n, p in model.named_parameters() if is_hidden(n, p)]
    rest = [p for n, p in model.named_parameters() if not is_hidden(n, p)]
    return Muon(hidden, muon_rate), torch.optim.AdamW(rest, lr=adam_rate, betas=(.9, .98), weight_decay=.01), rest


def save_module(module, name, weights=None):
    """Weights and configuration of one component; whole or not at all."""
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({k: v.cpu() for k, v in (weights or module.state_dict()).items()}, folder / 'weights.tmp')
    (folder / 'config.json').write_text(json.dumps(module.config))
    (folder / 'weights.tmp').replace(folder / WEIGHTS)


def load_module(kind, name, device='cpu'):
    module = kind(**json.loads((OUT / name / 'config.json').read_text()))
    module.load_state_dict({k: v.float() for k, v in torch.load(OUT / name / WEIGHTS, map_location='cpu').items()})
    return module.to(device)


def read_state():
    return json.loads((OUT / 'state.json').read_text()) if (OUT / 'state.json').exists() else {}


def write_state(state):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / 'state.tmp').write_text(json.dumps(state))
    (OUT / 'state.tmp').replace(OUT / 'state.json')


def read_linear(size, rng):
    """The linear encoder; fitted where there is none."""
    file = OUT / 'vae/linear.npz'
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        np.savez(file, **fit_linear(rng, corpus.load_figures(), size))
    return dict(np.load(file))


def draw_pools(seed, linear, size, processes=0, first=1.):
    """Pictures and clips. A clip's first latent frame holds its first frame alone, so a picture is a clip's beginning."""
    each = max(1, processes // 2) if processes else 0
    return [Pool(seed, linear, size, 1, size.pictures, each, first), Pool(seed + 1, linear, size, size.latent[0], size.clips, each, first)]


def train_expert(expert, size, minutes, encoder, vocab, pools, device='cpu', decay=.4, rate=1., pictures=.0, compiled=True):
    """One expert for `minutes`; forked from the spare where it is new. `decay` is the share of the run in which the rate falls.

    `pools` are pictures and clips (draw_pools). For the share `pictures` of the run there are pictures alone: they cost a fraction and
    show what a figure looks like. After that most are whole clips."""
    # u is uniform; sigma = 3u / (1 + 2u) prefers noise, where subject and direction are decided.
    u_from, u_to = (sigma / (3 - 2 * sigma) for sigma in RANGES[expert])
    source = next((name for name in (expert, SPARE) if (OUT / name / WEIGHTS).exists()), None)
    if source:
        model = load_module(WanTransformer, source, device)
    else:
        model = WanTransformer(**{'text_dim': encoder.config['d_model'], **size.expert}).to(device)
        nn.init.zeros_(model.proj_out.weight)
    model.train()
    run = compile_for(model, compiled)
    muon, adam, rest = optimisers(model, .02 * rate, 1e-3 * rate)
    average = {k: v.clone() for k, v in model.state_dict().items()}
    begin = saved = time.time()
    step, losses, rng, state, longest = 0, {}, pools[0].rng, read_state(), size.latent[0]
    while (spent := (time.time() - begin) / 60) < minutes:
        done = spent / minutes
        factor = min(1, (step + 1) / 50) * (min(1, max(.03, (1 - done) / decay)) if decay else 1)
        for pool in pools:
            pool.refresh()
        # Three lengths, since each has to be compiled.
        frames = 1 if done < pictures else rng.choice((1, min(SHORT, longest), longest, longest, longest))
        # As many tokens a step, whatever the length.
        batch = max(1, size.batch * longest // frames)
        scenes, latents, weights = pools[frames > 1].draw(batch, frames)
        clean = torch.from_numpy(latents).to(device).float()
        weight = 1 + 4 * torch.from_numpy(weights).to(device).float()[:, None]
        texts = ['' if rng.random() < .1 else caption(rng, scene, rng.choice(['en', 'zh']), rng.random() < .1) for scene in scenes]
        ids, mask = batch_text(vocab, texts)
        with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
            context = encoder(ids.to(device), mask.to(device))[0].float()
        u = u_from + (u_to - u_from) * torch.rand(batch, device=device)
        sigma = (3 * u / (1 + 2 * u))[:, None, None, None, None]
        noise = torch.randn_like(clean)
        with torch.autocast(device, dtype=torch.bfloat16):
            velocity = run((1 - sigma) * clean + sigma * noise, sigma.flatten() * 1000, context, mask.to(device).float())[0]
        loss = ((velocity.float() - (noise - clean)) ** 2 * weight).mean() / weight.mean()
        adam.zero_grad(); muon.zero_grad(); loss.backward()
        nn.utils.clip_grad_norm_(rest, 1.0)
        for group in adam.param_groups:
            group['lr'] = 1e-3 * rate * factor
        adam.step(); muon.step(factor)
        step += 1; state[expert] = state.get(expert, 0) + batch; losses.setdefault(frames, []).append(loss.detach())
        with torch.no_grad():
            kept = min(.995, 1 - 10 / (10 + step))
            torch._foreach_mul_(list(average.values()), kept)
            torch._foreach_add_(list(average.values()), list(model.state_dict().values()), alpha=1 - kept)
        if step % 50 == 0:
            print(f'{expert} {step} steps {state[expert]} samples {spent:.1f} min loss '
                  + ' '.join(f'{torch.stack(values[-50:]).mean().item():.4f} ({length})' for length, values in sorted(losses.items())), flush=True)
        if time.time() - saved > 120:
            save_module(model, expert, average); write_state(state); saved = time.time()
            for pool in pools:
                pool.refresh(count=pool.clips // 12)
    save_module(model, expert, average); write_state(state)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--minutes', type=float, default=90)
    arguments.add_argument('--text-minutes', type=float, default=5)
    arguments.add_argument('--decay', type=float, default=.4, help='share of the run in which the rate falls; 0 where more runs follow')
    arguments.add_argument('--pictures', type=float, default=.6, help='share of a run of the spare that sees pictures alone; 0 to go on from where it saw clips')
    arguments.add_argument('--processes', type=int, default=0, help='that compose; none: composing takes turns with training')
    arguments.add_argument('--expert', choices=RANGES, default=SPARE)
    arguments.add_argument('--size', choices=SIZES, default='cpu')
    options = arguments.parse_args()
    torch.manual_seed(0)
    size, vocab, state = SIZES[options.size], tokenizer.vocabulary(), read_state()
    rng = random.Random(sum(state.values()))
    linear = read_linear(size, rng)
    if (OUT / 'text_encoder' / WEIGHTS).exists():
        encoder = load_module(TextEncoder, 'text_encoder').eval().requires_grad_(False)
    else:
        # New words need a new encoder; experts that were trained with another one learn to read it.
        encoder = train_text(vocab, rng, options.text_minutes)
    pools = draw_pools(rng.randrange(1 << 20), linear, size, options.processes, .1 if options.processes else 1)
    print(f'latents: std {pools[0].latents[:1000].astype(np.float32).std((0, 2, 3, 4)).round(2)}', flush=True)
    train_expert(options.expert, size, options.minutes, encoder, vocab, pools, decay=options.decay,
                 pictures=options.pictures if options.expert == SPARE else 0)


if __name__ == '__main__':
    main()
