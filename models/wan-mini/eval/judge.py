"""Judges that never saw a generated frame: subject by shape, scene by colour, kind of motion by differences, direction by optical flow.

They learn from composed clips of what the judged pack can be told, at the size at which it renders."""
import random
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'train'))
import corpus
import grammar
import tokenizer

# What one picture's colours tell, each by a head of its own.
SCENE = ('place', 'colour', 'count')
MOTION_FRAMES = 9


def sayable(vocab, is_plain=False):
    """attribute → the values that a pack with this vocabulary can be told in both languages; `is_plain`: of subject, motion and place alone."""
    said = lambda texts: any(tokenizer.UNKNOWN not in tokenizer.encode(vocab, text) for text in texts)
    known = {}
    for name, table in grammar.ATTRIBUTES.items():
        values = list(table)[:1] if is_plain and name not in ('subject', 'motion', 'place') else list(table)
        known[name] = [value for value in values if all(said(part) for part in table[value] if isinstance(part, list))]
    return known


def network(channels, features=128):
    """[N,channels,H,W] → [N,features]. Four pixels become channels of one first: nothing is lost, and a feature sees as far as a figure is wide."""
    layers, width = [nn.PixelUnshuffle(2)], 4 * channels
    for outer in (32, 64, 96):
        layers += [nn.Conv2d(width, outer, 3, padding=1), nn.BatchNorm2d(outer), nn.ReLU(), nn.MaxPool2d(2)]
        width = outer
    layers += [nn.Conv2d(width, features, 3, padding=1), nn.BatchNorm2d(features), nn.ReLU()]
    return nn.Sequential(*layers, nn.AdaptiveMaxPool2d(1), nn.Flatten())


class Judge(nn.Module):
    """frames [N,3,H,W] in 0..1 → logits of subject, by shape, and of SCENE, by colour; clips [N,F,H,W] grey → logits of motion."""

    def __init__(self, known):
        super().__init__()
        self.known = known
        self.shape, self.scene, self.change = network(1), network(3), network(MOTION_FRAMES - 1)
        self.heads = nn.ModuleDict({name: nn.Linear(128, len(known[name])) for name in ('subject', *SCENE, 'motion')})

    def by_shape(self, frames):
        grey = frames.mean(1, keepdim=True)
        # Contrast is evened out, so that only shape is left to go by.
        return self.heads['subject'](self.shape((grey - grey.mean((2, 3), keepdim=True)) / (grey.std((2, 3), keepdim=True) + .02)))

    def by_colour(self, frames):
        colours = self.scene(frames)
        return {name: self.heads[name](colours) for name in SCENE}

    def motion(self, grey):
        """grey [N,MOTION_FRAMES,H,W]"""
        return self.heads['motion'](self.change((grey[:, 1:] - grey[:, :-1]) * 4))


def worsen(frames, rng):
    """What decoding and a young model do to a picture: blur, contrast, brightness; [N,C,H,W]."""
    scale = rng.choice([1, 1, 1.5, 2, 2.5])
    if scale > 1:
        small = F.interpolate(frames, scale_factor=1 / scale, mode='bilinear', align_corners=False)
        frames = F.interpolate(small, size=frames.shape[2:], mode='bilinear', align_corners=False)
    gain = torch.empty(len(frames), 1, 1, 1).uniform_(.6, 1.4)
    frames = (frames - .5) * gain + .5 + torch.empty(len(frames), 1, 1, 1).uniform_(-.15, .15)
    return frames + torch.randn_like(frames) * rng.choice([0, .02, .05])


def pick(count):
    """Which frames of a clip the judge of motion sees."""
    return np.linspace(0, count - 1, MOTION_FRAMES).round().astype(int)


def draw_known(rng, known):
    while True:
        scene = grammar.draw_scene(rng)
        if all(getattr(scene, name) in values for name, values in known.items()):
            return scene


def train_judge(known, size, minutes, file, batch=24):
    """`size` is (width, height, frames, scale) of composed clips."""
    width, height, count, scale = size
    rng, figures, judge = random.Random(99), corpus.load_figures(), Judge(known).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(judge.parameters(), lr=2e-3)
    begin, step, right = time.time(), 0, []
    while (spent := (time.time() - begin) / 60 / minutes) < 1:
        scenes = [draw_known(rng, known) for _ in range(batch)]
        clips = torch.from_numpy(np.stack([corpus.compose(rng, figures, scene, count, width, height, scale)[0] for scene in scenes]))
        # Three pictures of every clip: composing is what costs.
        which = torch.arange(batch).repeat(3)
        frames = worsen(clips[which, torch.randint(0, count, (len(which),))].permute(0, 3, 1, 2).float(), rng)
        labels = {name: torch.tensor([known[name].index(getattr(scene, name)) for scene in scenes]) for name in judge.heads}
        labels = {name: values if name == 'motion' else values[which] for name, values in labels.items()}
        # Light and dark turned round for the judge of shape: half of what it sees.
        turned = torch.where(torch.rand(len(which), 1, 1, 1) < .5, 1 - frames, frames)
        with torch.autocast('cpu', dtype=torch.bfloat16):
            answers = {'subject': judge.by_shape(turned), **judge.by_colour(frames), 'motion': judge.motion(worsen(clips[:, pick(count)].mean(-1).float(), rng))}
        loss = sum(F.cross_entropy(logits.float(), labels[name]) for name, logits in answers.items())
        for group in optimiser.param_groups:
            group['lr'] = 2e-3 * min(1, (step + 1) / 20) * max(.02, 1 - spent)
        optimiser.zero_grad(); loss.backward(); optimiser.step()
        step += 1; right.append({name: (logits.argmax(1) == labels[name]).float().mean().item() for name, logits in answers.items()})
        if step % 50 == 0:
            print(f'judge: {step} steps {spent * minutes:.1f} min ' + ', '.join(f'{n} {np.mean([r[n] for r in right[-50:]]):.0%}' for n in answers), flush=True)
    torch.save({'known': known, 'weights': judge.state_dict()}, file)
    return judge.eval()


def load_judge(known, size, minutes):
    """The judge for this vocabulary and size; trained where there is none."""
    file = corpus.WORK / f'judge-{size[0]}x{size[1]}x{size[2]}-{len(known["subject"])}.pt'
    if not file.exists():
        return train_judge(known, size, minutes, file)
    saved = torch.load(file)
    judge = Judge(saved['known'])
    judge.load_state_dict(saved['weights'])
    return judge.eval()


@torch.no_grad()
def see(judge, clip):
    """clip [F,H,W,3] in 0..1 → attribute → value, by the mean over five of its frames; direction as flow has it."""
    frames = torch.from_numpy(clip[np.linspace(0, len(clip) - 1, 5).round().astype(int)].transpose(0, 3, 1, 2)).float()
    logits = {name: values.softmax(1).mean(0) for name, values in {'subject': judge.by_shape(frames), **judge.by_colour(frames)}.items()}
    logits['motion'] = judge.motion(torch.from_numpy(clip[pick(len(clip))].mean(-1)[None]).float())[0]
    return {**{name: judge.known[name][int(values.argmax())] for name, values in logits.items()}, 'direction': name_direction(clip)}


def name_direction(clip, least_px=.6, least_share=.01):
    """Mean of the optical flow where something moves, over all neighbouring frames; below `least_px` a frame it is still."""
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    grey = [cv2.cvtColor((np.clip(f, 0, 1) * 255).astype(np.uint8), cv2.COLOR_RGB2GRAY) for f in clip]
    total, weight, moving = np.zeros(2), 0.0, []
    for a, b in zip(grey[:-1], grey[1:]):
        flow = dis.calc(a, b, None)
        size = np.linalg.norm(flow, axis=2)
        mask = size > .5
        moving.append(mask.mean())
        total += flow[mask].sum(0)
        weight += mask.sum()
    if np.mean(moving) < least_share:
        return 'still'
    x, y = total / max(1, weight)
    if max(abs(x), abs(y)) < least_px:
        return 'still'
    return ('left' if x < 0 else 'right') if abs(x) > abs(y) else ('up' if y < 0 else 'down')


def health(clip):
    """What the video itself tells of its health: neighbour PSNR (dB, the mean over frames), flicker of the mean brightness (0..255) and the
    share of frames that repeat the one before."""
    changes = ((clip[1:] - clip[:-1]) ** 2).mean((1, 2, 3))
    brightness = clip.mean((1, 2, 3)) * 255
    return {'neighbour PSNR': float(np.mean(-10 * np.log10(changes + 1e-10))), 'flicker': float(np.abs(np.diff(brightness)).mean()),
            'frozen': float((changes < 1e-6).mean())}
