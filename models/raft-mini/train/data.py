"""Pairs of pictures whose flow is known: figures and textures that move, turn and grow before places that the camera moves over."""
import sys
from pathlib import Path

import cv2
import numpy as np

WAN_MINI = Path(__file__).resolve().parents[2] / 'wan-mini/train'
sys.path.insert(0, str(WAN_MINI))
import corpus
from grammar import PLACES
from places import draw_place

WIDTH, HEIGHT = corpus.WIDTH, corpus.HEIGHT
# Never trained on; what flow is judged with.
HELD_OUT = ('giraffe', 'helicopter', 'snowman', 'bee', 'crab', 'sailboat')


def texture(rng, width, height):
    """[height,width,3]: noise at several scales, in random colours, sometimes with hard edges."""
    image = np.zeros((height, width, 3), np.float32)
    for scale in (2, 5, 12, 30):
        small = rng.random((height // scale + 2, width // scale + 2, 3), dtype=np.float32)
        image += cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC) * rng.uniform(.1, 1)
    image = (image - image.min()) / (image.max() - image.min() + 1e-6)
    return (image > .5).astype(np.float32) * .7 + .15 if rng.random() < .15 else image


def affine(centre, target, scale, angle):
    """2×3 matrix that puts `centre` at `target`, scaled and turned (degrees)."""
    matrix = cv2.getRotationMatrix2D(tuple(map(float, centre)), float(angle), float(scale))
    matrix[:, 2] += np.subtract(target, centre)
    return matrix


def flow_between(first, second, width, height):
    """[H,W,2] for the whole frame, if all of it moved as from matrix `first` to matrix `second`."""
    whole = lambda m: np.concatenate([m, [[0, 0, 1]]])
    step = (whole(second) @ np.linalg.inv(whole(first)))[:2]
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    points = np.stack([x, y, np.ones_like(x)], -1) @ step.T
    return (points - np.stack([x, y], -1)).astype(np.float32)


def displacement(rng):
    """Pixels: mostly what clips have, sometimes much more, sometimes none."""
    kind = rng.random()
    if kind < .15:
        return np.zeros(2)
    angle, length = rng.uniform(0, 2 * np.pi), rng.uniform(0, 6) if kind < .75 else rng.uniform(4, 20)
    return np.array([np.cos(angle), np.sin(angle)]) * length


def draw_background(rng, python_rng, width, height):
    if rng.random() < .6:
        return draw_place(python_rng, python_rng.choice(list(PLACES)), width, height).astype(np.float32)
    return texture(rng, width, height)


def draw_sprite(rng, figures, names):
    """[72,72,4] premultiplied: a figure, held still, or a patch of texture with a round edge."""
    if rng.random() < .8:
        loop = figures[names[rng.integers(len(names))]]
        return loop[rng.integers(len(loop))]
    side = corpus.SOURCE_PX
    y, x = np.mgrid[:side, :side] - side / 2
    turn = np.arctan2(y, x)
    edge = side * (.3 + .1 * np.sin(turn * rng.integers(2, 5) + rng.uniform(0, 6)))
    alpha = np.clip(edge - np.hypot(x, y), 0, 1).astype(np.float32)[..., None]
    return np.concatenate([texture(rng, side, side) * alpha, alpha], -1)


def draw_pair(rng, python_rng, figures, names, width=WIDTH, height=HEIGHT):
    """(image1, image2 [H,W,3] in 0..1, flow [H,W,2]); rng is numpy's, python_rng the one that places are drawn with."""
    margin = 32
    canvas = draw_background(rng, python_rng, width + 2 * margin, height + 2 * margin)
    middle = np.array([width / 2 + margin, height / 2 + margin])
    target = np.array([width / 2, height / 2])
    moves = rng.random() < .6
    first = affine(middle, target + rng.uniform(-8, 8, 2), 1, 0)
    second = affine(middle, target + (displacement(rng) * .6 if moves else 0) + (first[:, 2] + margin), 1 + moves * rng.uniform(-.05, .05),
                    moves * rng.uniform(-3, 3))
    warp = lambda m: cv2.warpAffine(canvas, m, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    one, two, flow = warp(first), warp(second), flow_between(first, second, width, height)
    for _ in range(rng.integers(0 if moves else 1, 4)):
        sprite, size = draw_sprite(rng, figures, names), rng.uniform(24, 66)
        at, move = rng.uniform([10, 10], [width - 10, height - 10]), displacement(rng)
        centre, scale, turn = (corpus.SOURCE_PX / 2 - .5,) * 2, size / corpus.SOURCE_PX, rng.uniform(-180, 180) if rng.random() < .2 else 0
        before = affine(centre, at, scale, turn)
        after = affine(centre, at + move, scale * (1 + rng.uniform(-.08, .08)), turn + (rng.uniform(-16, 16) if rng.random() < .4 else 0))
        put = lambda m: cv2.warpAffine(sprite, m, (width, height), flags=cv2.INTER_LINEAR)
        a, b = put(before), put(after)
        one, two = one * (1 - a[..., 3:]) + a[..., :3], two * (1 - b[..., 3:]) + b[..., :3]
        flow = np.where(a[..., 3:] > .5, flow_between(before, after, width, height), flow)
    return one, two, flow


def disturb(rng, pair):
    """What cameras, codecs and young models do: brightness, noise, blur; the second picture a little differently."""
    gain, lift = rng.uniform(.7, 1.3), rng.uniform(-.1, .1)
    out = []
    for image in pair:
        image = image * (gain * rng.uniform(.97, 1.03)) + lift
        if rng.random() < .3:
            image = cv2.GaussianBlur(image, (0, 0), rng.uniform(.4, 1.4))
        out.append(np.clip(image + rng.standard_normal(image.shape, dtype=np.float32) * rng.choice(np.float32([0, .01, .03])), 0, 1).astype(np.float32))
    return out
