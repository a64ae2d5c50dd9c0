"""Judges that never saw a generated frame: subject by shape, place and colour by colour, motion by optical flow."""
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

FILE = corpus.WORK / 'judge.pt'
SUBJECTS, PLACES = list(grammar.SUBJECTS), list(grammar.PLACES)


def network(channels, classes):
    layers, width = [], channels
    for outer in (32, 64, 96, 128):
        layers += [nn.Conv2d(width, outer, 3, padding=1), nn.BatchNorm2d(outer), nn.ReLU(), nn.MaxPool2d(2)]
        width = outer
    return nn.Sequential(*layers, nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(width, classes))


class Judge(nn.Module):
    """frames [N,3,H,W] in 0..1 → (subject logits [N,32], place logits [N,10])."""

    def __init__(self):
        super().__init__()
        self.subject, self.place = network(1, len(SUBJECTS)), network(3, len(PLACES))

    def forward(self, frames):
        grey = frames.mean(1, keepdim=True)
        # Contrast is evened out, so that only shape is left to go by.
        grey = (grey - grey.mean((2, 3), keepdim=True)) / (grey.std((2, 3), keepdim=True) + .02)
        return self.subject(grey), self.place(frames)


def worsen(frames, rng):
    """What decoding and a young model do to a picture: blur, contrast, brightness; and grey may be turned round."""
    scale = rng.choice([1, 1, 1.5, 2, 2.5])
    if scale > 1:
        small = F.interpolate(frames, scale_factor=1 / scale, mode='bilinear', align_corners=False)
        frames = F.interpolate(small, size=frames.shape[2:], mode='bilinear', align_corners=False)
    gain = torch.empty(len(frames), 1, 1, 1).uniform_(.6, 1.4)
    frames = (frames - .5) * gain + .5 + torch.empty(len(frames), 1, 1, 1).uniform_(-.15, .15)
    return frames + torch.randn_like(frames) * rng.choice([0, .02, .05])


def train_judge(minutes):
    rng, figures, judge = random.Random(99), corpus.load_figures(), Judge()
    optimiser = torch.optim.AdamW(judge.parameters(), lr=2e-3)
    begin = time.time()
    while (spent := (time.time() - begin) / 60 / minutes) < 1:
        scenes = [grammar.draw_scene(rng) for _ in range(48)]
        clips = np.stack([corpus.compose(rng, figures, scene, frames=5)[0][rng.choice([0, 4])] for scene in scenes])
        frames = worsen(torch.from_numpy(clips.transpose(0, 3, 1, 2)).float(), rng)
        turned = frames if rng.random() < .5 else torch.cat([1 - frames[:24], frames[24:]])
        loss = F.cross_entropy(judge(turned)[0], torch.tensor([SUBJECTS.index(scene.subject) for scene in scenes])) + \
            F.cross_entropy(judge.place(frames), torch.tensor([PLACES.index(scene.place) for scene in scenes]))
        for group in optimiser.param_groups:
            group['lr'] = 2e-3 * max(.02, 1 - spent)
        optimiser.zero_grad(); loss.backward(); optimiser.step()
    torch.save(judge.state_dict(), FILE)
    return judge.eval()


def load_judge(minutes):
    if not FILE.exists():
        return train_judge(minutes)
    judge = Judge()
    judge.load_state_dict(torch.load(FILE))
    return judge.eval()


@torch.no_grad()
def name_scene(judge, clip):
    """clip [F,H,W,3] in 0..1 → (subject, place), by the mean over five of its frames."""
    picked = clip[np.linspace(0, len(clip) - 1, 5).round().astype(int)]
    subject, place = judge(torch.from_numpy(picked.transpose(0, 3, 1, 2)).float())
    return SUBJECTS[int(subject.softmax(1).mean(0).argmax())], PLACES[int(place.softmax(1).mean(0).argmax())]


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
