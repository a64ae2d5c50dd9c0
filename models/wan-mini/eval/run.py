"""Judge the pack by what the built program renders with it, on combinations that were never trained on.

    /usr/bin/python3 models/wan-mini/eval/run.py [--scenes 64] [--seeds 1]

Renders held-out scenes, every subject equally often, in English and in Chinese through the command line, prints the table, and writes table and contact
sheets to models/wan-mini/.work/eval. The composer's own clips of the same scenes are judged too: that is the ceiling.
"""
import argparse
import json
import random
import shutil
import subprocess
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

import judge as judging
from judge import corpus, grammar

ROOT = Path(__file__).resolve().parents[3]
OUT = corpus.WORK / 'eval'
PARTS = ('subject', 'direction', 'place')
# Motions that optical flow can name; the others have no direction of their own.
DIRECTIONS = ('left', 'right', 'up', 'down', 'still')


def held_out_scenes(rng, count):
    """`count` plain scenes of the held-out combinations whose motion has a direction; subjects take turns."""
    every = [grammar.Scene(s, m, p) for s in grammar.SUBJECTS for m in DIRECTIONS for p in grammar.PLACES if grammar.is_held_out(s, m, p)]
    turns = {}
    for scene in rng.sample(every, len(every)):
        turns.setdefault(scene.subject, []).append(scene)
    names = list(grammar.SUBJECTS)
    return [turns[names[i % len(names)]][i // len(names) % len(turns[names[i % len(names)]])] for i in range(count)]


def see(judge, clip):
    """What the judges make of a clip, in the order of PARTS."""
    subject, place = judging.name_scene(judge, clip)
    return subject, judging.name_direction(clip), place


def render(shots):
    """One project, every shot a clip; the frames as they were rendered."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    size = {'widthPx': corpus.WIDTH, 'heightPx': corpus.HEIGHT, 'fps': 16, 'codec': 'h264'}
    project = {'version': 1, 'name': 'evaluation', 'delivery': size,
               'shots': [{'id': f'shot-{i}', 'prompt': prompt, 'seed': seed, 'pack': 'wan-mini'} for i, (prompt, seed) in enumerate(shots)]}
    (OUT / 'project.steady.json').write_text(json.dumps(project, ensure_ascii=False))
    subprocess.run(['npm', 'run', '--silent', 'render', '--', '--project', OUT / 'project.steady.json', '--out', OUT / 'all.mp4',
                    '--frames-dir', OUT / 'frames', '--report', OUT / 'report.json'], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    files = sorted((OUT / 'frames').glob('*.png'))
    assert len(files) == len(shots) * corpus.FRAMES, 'a shot was delivered at a lower rung; see report.json'
    frames = np.stack([np.asarray(Image.open(f).convert('RGB'), np.float32) / 255 for f in files])
    return frames.reshape(len(shots), corpus.FRAMES, *frames.shape[1:])


def contact_sheet(path, clips, labels, right):
    """Four frames a clip with what was asked; a red bar where the judge saw something else."""
    rows = []
    for clip, label, ok in zip(clips, labels, right):
        strip = np.concatenate([cv2.resize(clip[i], (224, 128), interpolation=cv2.INTER_CUBIC) for i in (0, 5, 11, 16)], 1)
        bar = np.zeros((18, strip.shape[1], 3), np.float32) + ((.1, .3, .15) if ok else (.5, .1, .1))
        cv2.putText(bar, label, (4, 13), cv2.FONT_HERSHEY_SIMPLEX, .42, (1, 1, 1), 1, cv2.LINE_AA)
        rows.append(np.concatenate([bar, np.clip(strip, 0, 1)]))
    half = (len(rows) + 1) // 2
    rows += [np.zeros_like(rows[0])] * (2 * half - len(rows))
    sheet = np.concatenate([np.concatenate(rows[:half]), np.concatenate(rows[half:])], 1)
    Image.fromarray((sheet * 255).astype(np.uint8)).save(path)


def table(asked, seen):
    """Markdown: the share of clips in which the judge saw what was asked, and what the wrong subjects were taken for."""
    def share(group, part, among=lambda scene, language: True):
        right = [saw[PARTS.index(part)] == wanted_part(scene, part)
                 for saw, (scene, language, _) in zip(seen[group], asked) if among(scene, language)]
        return f'{np.mean(right):.0%}' if right else '–'

    lines = ['| measure | generated | English | Chinese | composed (ceiling) |', '| --- | --- | --- | --- | --- |']
    for part in PARTS:
        by = [share('generated', part, lambda _, said, wanted=language: said == wanted) for language in ('en', 'zh')]
        lines.append(f'| {part} | {share("generated", part)} | {by[0]} | {by[1]} | {share("composed", part)} |')
    for name in DIRECTIONS:
        own = lambda scene, _, name=name: scene.motion == name
        lines.append(f'| – asked: {name} | {share("generated", "direction", own)} | | | {share("composed", "direction", own)} |')
    subjects = ', '.join(f'{name} ' + share('generated', 'subject', lambda scene, _, name=name: scene.subject == name) for name in grammar.SUBJECTS)
    wrong = '; '.join(f'{scene.subject} seen as {saw[0]}' for saw, (scene, _, _) in zip(seen['generated'], asked) if saw[0] != scene.subject)
    return '\n'.join([*lines, '', f'subjects: {subjects}', '', f'wrong subjects: {wrong}'])


def wanted_part(scene, part):
    return {'subject': scene.subject, 'direction': scene.motion, 'place': scene.place}[part]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--scenes', type=int, default=2 * len(grammar.SUBJECTS))
    arguments.add_argument('--seeds', type=int, default=1)
    arguments.add_argument('--judge-minutes', type=float, default=8)
    options = arguments.parse_args()
    judge, rng, figures = judging.load_judge(options.judge_minutes), random.Random(1), corpus.load_figures()
    asked = [(scene, language, seed) for scene in held_out_scenes(rng, options.scenes) for language in ('en', 'zh')
             for seed in range(1, options.seeds + 1)]
    prompts = [grammar.caption(rng, scene, language) for scene, language, _ in asked]
    clips = render([(prompt, 1000 * seed + i) for i, (prompt, (_, _, seed)) in enumerate(zip(prompts, asked))])
    composed = [corpus.compose(rng, figures, scene)[0] for scene, _, _ in asked]
    seen = {name: [see(judge, clip) for clip in group] for name, group in (('generated', clips), ('composed', composed))}
    text = f'{len(asked)} clips of {options.scenes} held-out scenes\n\n' + table(asked, seen)
    print(text)
    (OUT / 'table.md').write_text(text + '\n')
    right = [saw[:2] == (scene.subject, scene.motion) for saw, (scene, _, _) in zip(seen['generated'], asked)]
    labels = [f'{scene.subject} {scene.motion} {scene.place} ({language})  seen: {saw[0]} {saw[1]}'
              for saw, (scene, language, _) in zip(seen['generated'], asked)]
    for start in range(0, len(clips), 30):
        part = slice(start, start + 30)
        contact_sheet(OUT / f'sheet-{start // 30 + 1}.png', clips[part], labels[part], right[part])


if __name__ == '__main__':
    main()
