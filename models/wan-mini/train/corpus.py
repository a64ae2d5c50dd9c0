"""Composed, captioned video: animated Fluent figures (MIT) that obey a little physics in places drawn in code.

    /usr/bin/python3 models/wan-mini/train/corpus.py sheet.png --seed 7 [--place beach] [--motion bounce] [--held-out]
"""
import argparse
import random
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from fetch import fetch_figures
from grammar import ATTRIBUTES, COLOURS, SUBJECTS, Scene, caption, draw_scene
from places import draw_place

cv2.setNumThreads(1)
# What places and physics are drawn up for; `compose` scales it to any size.
WIDTH, HEIGHT, FRAMES = 160, 96, 17
SOURCE_PX, LOOP = 72, 24
FIGURE_PX = {'small': 42, 'medium': 58, 'big': 72}
CROWD_PX = {1: None, 2: 50, 3: 40}
WORK = Path(__file__).resolve().parents[1] / '.work'


def load_figures():
    """name → [24, 72, 72, 4] premultiplied float32, one loop of the animation at 16 frames a second or close to it."""
    fetch_figures({code for code, *_ in SUBJECTS.values()}, WORK)
    return {name: load_figure(code) for name, (code, *_) in SUBJECTS.items()}


def load_figure(code):
    image = Image.open(WORK / 'figures' / f'{code}.webp')
    frames = []
    for i in range(LOOP):
        image.seek(i * image.n_frames // LOOP)
        rgba = np.asarray(image.convert('RGBA'), np.float32) / 255
        rgba[..., :3] *= rgba[..., 3:]
        frames.append(cv2.resize(rgba, (SOURCE_PX, SOURCE_PX), interpolation=cv2.INTER_AREA))
    return np.stack(frames)


def tint(loop, colour):
    """Keeps light and shade, takes the hue: [..., 4] premultiplied."""
    target = COLOURS[colour][2]
    if target is None:
        return loop
    light = loop[..., :3] @ np.array([.3, .59, .11], np.float32)
    painted = np.clip((.35 * loop[..., 3:] + .95 * light[..., None]) * np.array(target, np.float32), 0, loop[..., 3:])
    return np.concatenate([.2 * loop[..., :3] + .8 * painted, loop[..., 3:]], -1).astype(np.float32)


def tracks(rng, scene, frames, width, height):
    """Per figure, per frame (centre x, centre y in px, scale to px, angle in degrees): the physics of the scene."""
    px = CROWD_PX[scene.count] or FIGURE_PX[scene.size]
    t, half, ground = np.arange(frames), px / 2, height - px / 2 - 2
    across = width / 2 + (np.arange(scene.count) - (scene.count - 1) / 2) * (px + 3)
    speed = rng.uniform(2., 3.)
    out = []
    shared_y = rng.uniform(max(half, ground - 24), ground)
    for i in range(scene.count):
        if scene.count > 1:
            x = across[i] + rng.uniform(-5, 5)
        else:
            x = rng.uniform(half, width - half)
        y = shared_y + (rng.uniform(-4, 4) if scene.count > 1 else 0)
        xs, ys, size, angle = np.full(frames, x), np.full(frames, y), np.full(frames, float(px)), np.zeros(frames)
        if scene.motion in ('left', 'right'):
            sign, span = (1 if scene.motion == 'right' else -1), speed * (frames - 1)
            if scene.count == 1:
                x = rng.uniform(half, width - half - span) if sign > 0 else rng.uniform(half + span, width - half)
            else:
                x = across[i] - sign * span / 2
            xs = x + sign * speed * t
            ys = y - abs(np.sin(t * .8)) * 1.5
        elif scene.motion == 'up':
            ys = np.maximum(half - 4, min(ground, half + 2.4 * (frames - 1)) - (speed - .2) * t)
        elif scene.motion == 'down':
            # From rest under gravity, with air: the speed levels off.
            fall = np.cumsum(np.minimum(.6 + .45 * t, speed + .4)) - .6
            ys = np.minimum(ground, half - 2 + fall)
        elif scene.motion == 'jump':
            high, period = min(26, ground - half), frames if frames <= 9 else 12
            phase = (t + rng.randrange(3)) % period / period
            ys = ground - 4 * high * phase * (1 - phase)
        elif scene.motion == 'bounce':
            ys = bounce(half + rng.uniform(0, 6), ground, frames)
        elif scene.motion == 'spin':
            angle = rng.choice([-1, 1]) * rng.uniform(13, 18) * t + rng.uniform(-15, 15)
        elif scene.motion == 'approach':
            size = np.linspace(.62, 1.45, frames) * px
            ys = np.minimum(ys, height - size / 2 + 4)
            xs = np.clip(xs, 40, width - 40)
        elif scene.motion == 'collide':
            # Two equal masses, restitution .6: they come in, touch, and go apart more slowly.
            sign, touch = (1 if i == 0 else -1), frames * .45
            reach = np.where(t < touch, (touch - t) * 3.2, (t - touch) * 3.2 * .6)
            xs = width / 2 - sign * (px * .42 + reach)
            ys = np.full(frames, shared_y)
            angle = np.where(t < touch, 0, -sign * 6. * np.minimum(t - touch, 3))
        else:
            angle = 2.5 * np.sin(t * .5 + i)
        out.append(np.stack([xs, ys, size, angle], 1))
    return out


def bounce(top, ground, frames, gravity=.95, restitution=.72):
    y, v, ys = top, 0., []
    for _ in range(frames):
        ys.append(y)
        v += gravity
        y += v
        if y > ground:
            y, v = ground - (y - ground) * restitution, -v * restitution
    return np.array(ys)


def paste(frame, cover, sprite, x, y, size, angle):
    """Puts a premultiplied sprite on a frame, centred on (x, y), size px wide, turned by angle degrees; in place."""
    reach = int(np.ceil(size * (.72 if angle % 360 else .5))) + 2
    left, top = int(np.floor(x)) - reach, int(np.floor(y)) - reach
    side = 2 * reach + 1
    matrix = cv2.getRotationMatrix2D((SOURCE_PX / 2 - .5, SOURCE_PX / 2 - .5), angle, size / SOURCE_PX)
    matrix[:, 2] += (x - left - SOURCE_PX / 2 + .5, y - top - SOURCE_PX / 2 + .5)
    if size < SOURCE_PX * .6:
        sprite = cv2.blur(sprite, (2, 2))
    placed = cv2.warpAffine(sprite, matrix, (side, side), flags=cv2.INTER_LINEAR)
    h, w = cover.shape
    x0, x1, y0, y1 = max(0, left), min(w, left + side), max(0, top), min(h, top + side)
    if x0 >= x1 or y0 >= y1:
        return
    part = placed[y0 - top:y1 - top, x0 - left:x1 - left]
    frame[y0:y1, x0:x1] *= 1 - part[..., 3:]
    frame[y0:y1, x0:x1] += part[..., :3]
    np.maximum(cover[y0:y1, x0:x1], part[..., 3], out=cover[y0:y1, x0:x1])


def compose(rng, figures, scene, frames=FRAMES, width=WIDTH, height=HEIGHT, scale=1., shown=None):
    """([shown,H,W,3] float32 in 0..1, [shown,H,W] coverage of the figures); `scale` pixels for each pixel of the physics.

    `shown` is how many frames of the clip's beginning are drawn: all of them where it isn't said."""
    shown = shown or frames
    base_width, base_height, margin = round(width / scale), round(height / scale), 40
    place = draw_place(rng, scene.place, base_width + 2 * margin, base_height)
    step = {'pan left': -2, 'pan right': 2}.get(scene.camera, 0)
    loop, phase = tint(figures[scene.subject], scene.colour), rng.randrange(LOOP)
    paths = tracks(rng, scene, frames, base_width, base_height)
    if scale != 1:
        place = np.clip(cv2.resize(place, (width + round(2 * margin * scale), height), interpolation=cv2.INTER_CUBIC), 0, 1)
        paths = [path * np.array([scale, scale, scale, 1]) for path in paths]
        margin, step = round(margin * scale), step * scale
    clip, cover = np.empty((shown, height, width, 3), np.float32), np.zeros((shown, height, width), np.float32)
    for i in range(shown):
        shift = margin + round(step * (i - frames // 2))
        clip[i] = place[:, shift:shift + width]
        for n, path in enumerate(paths):
            x, y, size, angle = path[i]
            paste(clip[i], cover[i], loop[(phase + 7 * n + i) % LOOP], x - step * (i - frames // 2) * .6, y, size, angle)
        if scene.camera == 'zoom in':
            matrix = cv2.getRotationMatrix2D((width / 2 - .5, height / 2 - .5), 0, 1 + .32 * i / frames)
            clip[i] = cv2.warpAffine(clip[i], matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
            cover[i] = cv2.warpAffine(cover[i], matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    if scene.light == 'sunset':
        clip *= np.array([1.08, .8, .62], np.float32)
        clip += np.linspace(.14, .02, height, dtype=np.float32)[:, None, None] * np.array([1, .45, .1], np.float32)
    if scene.weather != 'clear':
        fall(rng, clip, scene.weather)
    return np.clip(clip, 0, 1, out=clip), cover


def fall(rng, clip, weather):
    """Rain, snow or fog over the whole clip, in place; drops keep their speed from frame to frame."""
    frames, h, w, _ = clip.shape
    if weather == 'fog':
        clip *= .5
        clip += np.float32(.5 * .82)
        return
    noise = np.random.default_rng(rng.randrange(1 << 30))
    count, (dx, dy) = (60, (-1.5, 9.)) if weather == 'rain' else (45, (.5, 2.2))
    x, y = noise.uniform(0, w, count), noise.uniform(0, h, count)
    for i in range(frames):
        px, py = ((x + dx * i) % w).astype(int), ((y + dy * i) % h).astype(int)
        if weather == 'rain':
            clip[i] *= .86
            for k in range(5):
                clip[i, (py + k) % h, (px - (k > 2)) % w] = .45 * clip[i, (py + k) % h, (px - (k > 2)) % w] + .5
        else:
            for oy, ox in ((0, 0), (0, 1), (1, 0), (1, 1)):
                clip[i, (py + oy) % h, (px + ox) % w] = .97


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('sheet')
    arguments.add_argument('--seed', type=int, default=0)
    arguments.add_argument('--rows', type=int, default=16)
    arguments.add_argument('--held-out', action='store_true')
    for name in ('subject', 'motion', 'place'):
        arguments.add_argument(f'--{name}', choices=ATTRIBUTES[name])
    options = arguments.parse_args()
    rng, figures, rows = random.Random(options.seed), load_figures(), []
    for row in range(options.rows):
        drawn = draw_scene(rng, options.held_out)
        scene = Scene(**{**drawn.__dict__, **{k: v for k, v in vars(options).items() if k in ('subject', 'motion', 'place') and v}})
        clip, _ = compose(rng, figures, scene)
        rows.append(np.concatenate(list(clip[[0, 4, 8, 12, 16]]), 1))
        print(row + 1, caption(rng, scene, 'en'), '|', caption(rng, scene, 'zh'))
    Image.fromarray((np.concatenate(rows) * 255).astype(np.uint8)).save(options.sheet)


if __name__ == '__main__':
    main()
