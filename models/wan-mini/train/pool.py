"""Clips to train on: composed by as many processes as there are cores for it, kept as latents, ever replaced by fresh ones."""
import multiprocessing
import queue
import random

import numpy as np

import corpus
from grammar import draw_scene

CHANNELS = 16
PART = 8


def blocks_of(clip):
    """[F,H,W,3] in 0..1 → causal blocks [T,h,w,4*8*8*3] in −1..1; the first frame fills its block alone."""
    clip = np.concatenate([clip[:1]] * 3 + [clip]) * 2 - 1
    t, h, w = clip.shape[0] // 4, clip.shape[1] // 8, clip.shape[2] // 8
    return clip.reshape(t, 4, h, 8, w, 8, 3).transpose(0, 2, 4, 1, 3, 5, 6).reshape(t, h, w, 768)


def encode(clip, linear):
    """[F,H,W,3] in 0..1 → latent [16,T,h,w], not yet normalised."""
    return ((blocks_of(clip) - linear['mean']) @ linear['basis']).transpose(3, 0, 1, 2)


def compose_scene(rng, figures, size, held_out=False, shown=None):
    scene = draw_scene(rng, held_out)
    clip, cover = corpus.compose(rng, figures, scene, size.frames, size.width, size.height, size.scale, shown)
    return scene, clip, cover


def fit_linear(rng, figures, size, clips=300):
    """Principal components of the blocks; latents are scaled half-way to unit variance, so that the first ones lead."""
    rows = np.concatenate([blocks_of(compose_scene(rng, figures, size)[1]).reshape(-1, 768)[::3] for _ in range(clips)])
    mean = rows.mean(0)
    values, vectors = np.linalg.eigh(np.cov(rows.T))
    basis, std = vectors[:, ::-1][:, :CHANNELS], np.sqrt(np.maximum(values[::-1][:CHANNELS], 1e-8))
    scale = std / np.clip(1.3 * (std / std[0]) ** .35, .4, 1.3)
    return dict(mean=mean.astype('f4'), basis=basis.astype('f4'), scale=scale.astype('f4'))


def make_latents(rng, figures, linear, size, count, length):
    """count × (scene, latent [16,length,h,w] float16 of the clip's beginning, weight [length,h,w] of the figures)."""
    t, (_, h, w) = length, size.latent
    scenes, latents, weights = [], np.empty((count, CHANNELS, t, h, w), 'f2'), np.empty((count, t, h, w), 'f2')
    for i in range(count):
        scene, clip, cover = compose_scene(rng, figures, size, shown=4 * length - 3)
        latents[i] = encode(clip, linear) / linear['scale'][:, None, None, None]
        cover = np.concatenate([cover[:1]] * 3 + [cover]).reshape(t, 4, h, 8, w, 8)
        weights[i] = cover.mean((1, 3, 5)) > .05
        scenes.append(scene)
    return scenes, latents, weights


def make_clips(rng, figures, linear, size, count):
    """(clips [count,F,H,W,3] bytes, coverage [count,F,H,W] bytes): what a decoder learns from."""
    clips = [compose_scene(rng, figures, size)[1:] for _ in range(count)]
    return tuple((np.stack(part) * 255).round().astype(np.uint8) for part in zip(*clips))


def _work(seed, make, arguments, parts):
    rng, figures = random.Random(seed), corpus.load_figures()
    while True:
        parts.put(make(rng, figures, *arguments))


class Stream:
    """What `make` makes, again and again: by `processes` processes, or here and now where there are none.

    Start it before a graphics card is touched: the processes are forks."""

    def __init__(self, make, arguments, seed, processes=0):
        self.make, self.arguments, self.workers = make, arguments, []
        if processes:
            fork = multiprocessing.get_context('fork')
            self.parts = fork.Queue(2 * processes)
            self.workers = [fork.Process(target=_work, args=(seed * 1000 + i, make, arguments, self.parts), daemon=True) for i in range(processes)]
            for worker in self.workers:
                worker.start()
        else:
            self.rng, self.figures = random.Random(seed), corpus.load_figures()

    def next(self):
        return self.parts.get() if self.workers else self.make(self.rng, self.figures, *self.arguments)

    def ready(self):
        """Everything that the processes have finished by now."""
        while self.workers:
            try:
                yield self.parts.get_nowait()
            except queue.Empty:
                return

    def close(self):
        for worker in self.workers:
            worker.terminate()


class Pool:
    """Latents of at most `clips` clips' beginnings, `length` latent frames each, with their scenes; begins with `first` of them."""

    def __init__(self, seed, linear, size, length, clips, processes=0, first=1.):
        _, h, w = size.latent
        self.length, self.clips, self.rng, self.scenes, self.at = length, clips, random.Random(seed), [], 0
        self.latents = np.empty((clips, CHANNELS, length, h, w), 'f2')
        self.weights = np.empty((clips, length, h, w), 'f2')
        self.stream = Stream(make_latents, (linear, size, PART, length), seed, processes)
        while len(self.scenes) < first * clips:
            self.take(self.stream.next())

    def take(self, part):
        for scene, latent, weight in zip(*part):
            if self.at < len(self.scenes):
                self.scenes[self.at] = scene
            else:
                self.scenes.append(scene)
            self.latents[self.at], self.weights[self.at] = latent, weight
            self.at = (self.at + 1) % self.clips

    def refresh(self, count=0):
        """Take in what the processes have ready; without processes compose `count` clips now."""
        for part in self.stream.ready():
            self.take(part)
        for _ in range(0 if self.stream.workers else count // PART):
            self.take(self.stream.next())

    def draw(self, batch, frames):
        """(scenes, latents [B,16,frames,h,w] float16, weights [B,frames,h,w]) of clips' beginnings."""
        pick = [self.rng.randrange(len(self.scenes)) for _ in range(batch)]
        return [self.scenes[i] for i in pick], self.latents[:, :, :frames][pick], self.weights[:, :frames][pick]

    def close(self):
        self.stream.close()
