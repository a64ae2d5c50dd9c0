"""Train wan-mini: text encoder by what captions say, a linear causal encoder, then one of the three experts.

    /usr/bin/python3 models/wan-mini/train/run.py --minutes 90                            the spare, for the whole range
    /usr/bin/python3 models/wan-mini/train/run.py --minutes 10 --expert transformer       high noise, forked from the spare
    /usr/bin/python3 models/wan-mini/train/run.py --minutes 10 --expert transformer_2     low noise, forked from the spare

The checkpoint (models/wan-mini/.work/checkpoint, Diffusers layout) is written every two minutes; a second run goes on from it.
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
from wan.text_encoder import TextEncoder
from wan.transformer import WanTransformer

OUT = corpus.WORK / 'checkpoint'
CHANNELS = 16
BOUNDARY = .875
RANGES = {'transformer': (BOUNDARY, 1), 'transformer_2': (0, BOUNDARY), 'transformer_3': (0, 1)}


def batch_text(vocab, texts, length=tokenizer.MAX_TOKENS):
    """(ids [B,length], mask [B,length]); one length for all batches, so that a compiled model is compiled once."""
    rows = [tokenizer.encode(vocab, text)[:length] for text in texts]
    ids = torch.tensor([row + [tokenizer.PAD] * (length - len(row)) for row in rows])
    return ids, (torch.arange(length)[None] < torch.tensor([len(row) for row in rows])[:, None]).long()


def train_text(vocab, rng, minutes):
    """The encoder learns to tell every attribute of a scene; then it is frozen, as umT5 is in Wan."""
    encoder = TextEncoder(vocab_size=len(vocab))
    heads = nn.ModuleList([nn.Linear(192, len(values)) for values in ATTRIBUTES.values()])
    optimiser = torch.optim.AdamW([*encoder.parameters(), *heads.parameters()], lr=1e-3)
    end, step = time.time() + 60 * minutes, 0
    while (left := end - time.time()) > 0:
        scenes = [draw_scene(rng) for _ in range(64)]
        ids, mask = batch_text(vocab, [caption(rng, scene, rng.choice(['en', 'zh'])) for scene in scenes])
        ids = torch.where((torch.rand(ids.shape) < .03) & (ids > 2), torch.full_like(ids, tokenizer.UNKNOWN), ids)
        pooled = encoder(ids, mask)[1]
        labels = torch.tensor([scene.labels() for scene in scenes])
        losses = [F.cross_entropy(head(pooled), labels[:, i]) for i, head in enumerate(heads)]
        for group in optimiser.param_groups:
            group['lr'] = 1e-3 * min(1, step / 50) * min(1, left / (30 * minutes))
        optimiser.zero_grad(); sum(losses).backward(); optimiser.step()
        step += 1
        if step % 200 == 0:
            print(f'text: {step} steps, ' + ', '.join(f'{n} {l.item():.3f}' for n, l in zip(ATTRIBUTES, losses)), flush=True)
    return encoder.eval().requires_grad_(False)


def blocks_of(clip):
    """[F,H,W,3] in 0..1 → causal blocks [T,h,w,4*8*8*3] in −1..1; the first frame fills its block alone."""
    clip = np.concatenate([clip[:1]] * 3 + [clip]) * 2 - 1
    t, h, w = clip.shape[0] // 4, clip.shape[1] // 8, clip.shape[2] // 8
    return clip.reshape(t, 4, h, 8, w, 8, 3).transpose(0, 2, 4, 1, 3, 5, 6).reshape(t, h, w, 768)


def encode(clip, linear):
    """[F,H,W,3] in 0..1 → latent [16,T,h,w], not yet normalised."""
    return ((blocks_of(clip) - linear['mean']) @ linear['basis']).transpose(3, 0, 1, 2)


def fit_linear(rng, figures):
    """Principal components of the blocks; latents are scaled half-way to unit variance, so that the first ones lead."""
    rows = np.concatenate([blocks_of(compose_scene(rng, figures)[1]).reshape(-1, 768)[::3] for _ in range(500)])
    mean = rows.mean(0)
    values, vectors = np.linalg.eigh(np.cov(rows.T))
    basis, std = vectors[:, ::-1][:, :CHANNELS], np.sqrt(values[::-1][:CHANNELS])
    scale = std / np.clip(1.3 * (std / std[0]) ** .35, .4, 1.3)
    return dict(mean=mean.astype('f4'), basis=basis.astype('f4'), scale=scale.astype('f4'))


def compose_scene(rng, figures, held_out=False):
    scene = draw_scene(rng, held_out)
    clip, cover = corpus.compose(rng, figures, scene)
    return scene, clip, cover


def make_latents(rng, figures, linear, count):
    """count × (scene, latent [16,T,h,w] float16, weight [T,h,w] of the figures)."""
    t, h, w = (corpus.FRAMES + 3) // 4, corpus.HEIGHT // 8, corpus.WIDTH // 8
    scenes, latents, weights = [], np.empty((count, CHANNELS, t, h, w), 'f2'), np.empty((count, t, h, w), 'f2')
    for i in range(count):
        scene, clip, cover = compose_scene(rng, figures)
        latents[i] = encode(clip, linear) / linear['scale'][:, None, None, None]
        cover = np.concatenate([cover[:1]] * 3 + [cover]).reshape(t, 4, h, 8, w, 8)
        weights[i] = cover.mean((1, 3, 5)) > .05
        scenes.append(scene)
    return scenes, latents, weights


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


def save(state, experts, encoder, linear, vocab):
    OUT.mkdir(parents=True, exist_ok=True)
    for name, weights in {'text_encoder': encoder.state_dict(), **experts}.items():
        (OUT / name).mkdir(exist_ok=True)
        torch.save(weights, OUT / name / 'weights.tmp')
        (OUT / name / 'weights.tmp').replace(OUT / name / 'diffusion_pytorch_model.bin')
    (OUT / 'text_encoder/config.json').write_text(json.dumps(encoder.config))
    for name in experts:
        (OUT / name / 'config.json').write_text(json.dumps(WanTransformer().config))
    (OUT / 'vae').mkdir(exist_ok=True)
    np.savez(OUT / 'vae/linear.npz', **linear)
    tokenizer.save(vocab, OUT / 'tokenizer')
    (OUT / 'state.json').write_text(json.dumps(state))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--minutes', type=float, default=90)
    arguments.add_argument('--text-minutes', type=float, default=5)
    arguments.add_argument('--decay', type=float, default=.4, help='share of the run in which the rate falls; 0 where more runs follow')
    arguments.add_argument('--expert', choices=RANGES, default='transformer_3')
    options = arguments.parse_args()
    expert = options.expert
    # u is uniform; sigma = 3u / (1 + 2u) prefers noise, where subject and direction are decided.
    u_from, u_to = (sigma / (3 - 2 * sigma) for sigma in RANGES[expert])
    torch.manual_seed(0)
    rng, figures, vocab = random.Random(0), corpus.load_figures(), tokenizer.vocabulary()
    state, model = {}, WanTransformer(text_dim=192)
    trained = OUT / expert if (OUT / expert).exists() else OUT / 'transformer_3'
    if trained.exists():
        model.load_state_dict(torch.load(trained / 'diffusion_pytorch_model.bin'))
    else:
        nn.init.zeros_(model.proj_out.weight)
    linear = dict(np.load(OUT / 'vae/linear.npz')) if (OUT / 'vae/linear.npz').exists() else fit_linear(rng, figures)
    if (OUT / 'state.json').exists():
        state = json.loads((OUT / 'state.json').read_text())
        encoder = TextEncoder(**json.loads((OUT / 'text_encoder/config.json').read_text()))
        encoder.load_state_dict(torch.load(OUT / 'text_encoder/diffusion_pytorch_model.bin'))
        encoder.eval().requires_grad_(False)
        rng = random.Random(sum(state.values()))
    else:
        # New words need a new encoder; experts that were trained with another one learn to read it.
        encoder = train_text(vocab, rng, options.text_minutes)
    model.train()
    # Compiled where PyTorch can: 1.4 times the samples on two cores.
    run = torch.compile(model, dynamic=False) if hasattr(torch, 'compile') else model
    scenes, latents, weights = make_latents(rng, figures, linear, 6000)
    print(f'latents: std {latents[:1000].astype(np.float32).std((0, 2, 3, 4)).round(2)}', flush=True)
    hidden = [p for n, p in model.named_parameters() if p.ndim == 2 and n.startswith('blocks')]
    rest = [p for n, p in model.named_parameters() if not (p.ndim == 2 and n.startswith('blocks'))]
    muon, adam = Muon(hidden, .02), torch.optim.AdamW(rest, lr=1e-3, betas=(.9, .98), weight_decay=.01)
    average = {k: v.clone() for k, v in model.state_dict().items()}
    begin = saved = time.time()
    step, losses, batch = 0, [], 32
    while (spent := (time.time() - begin) / 60) < options.minutes:
        factor = min(1, step / 50) * (min(1, max(.03, (1 - spent / options.minutes) / options.decay)) if options.decay else 1)
        pick = [rng.randrange(len(scenes)) for _ in range(batch)]
        # The shorter rungs: latent frames are causal, so a clip's beginning is a clip.
        frames = 5 if rng.random() < .8 else 3
        clean = torch.from_numpy(latents[pick][:, :, :frames].astype('f4'))
        texts = ['' if rng.random() < .1 else caption(rng, scenes[i], rng.choice(['en', 'zh']), rng.random() < .1) for i in pick]
        ids, mask = batch_text(vocab, texts)
        with torch.no_grad():
            context = encoder(ids, mask)[0]
        u = u_from + (u_to - u_from) * torch.rand(batch)
        sigma = (3 * u / (1 + 2 * u))[:, None, None, None, None]
        noise = torch.randn_like(clean)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            velocity = run((1 - sigma) * clean + sigma * noise, sigma.flatten() * 1000, context, mask.float())[0]
        weight = 1 + 2 * torch.from_numpy(weights[pick][:, :frames].astype('f4'))[:, None]
        loss = ((velocity.float() - (noise - clean)) ** 2 * weight).mean() / weight.mean()
        adam.zero_grad(); muon.zero_grad(); loss.backward()
        nn.utils.clip_grad_norm_(rest, 1.0)
        for group in adam.param_groups:
            group['lr'] = 1e-3 * factor
        adam.step(); muon.step(factor)
        step += 1; state[expert] = state.get(expert, 0) + batch; losses.append(loss.item())
        with torch.no_grad():
            decay = min(.995, 1 - 10 / (10 + step))
            for k, v in model.state_dict().items():
                average[k].lerp_(v, 1 - decay)
        if step % 50 == 0:
            print(f'{step} {state[expert]} samples {spent:.1f} min loss {np.mean(losses[-50:]):.4f}', flush=True)
        if time.time() - saved > 120:
            save(state, {expert: average}, encoder, linear, vocab); saved = time.time()
            fresh = make_latents(rng, figures, linear, 1000)
            at = rng.randrange(len(scenes) - 1000)
            scenes[at:at + 1000], latents[at:at + 1000], weights[at:at + 1000] = fresh
    save(state, {expert: average}, encoder, linear, vocab)


if __name__ == '__main__':
    main()
