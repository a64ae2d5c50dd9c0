"""Judge the pack by what the built program renders with it, on combinations that were never trained on.

    /usr/bin/python3 models/wan-mini/eval/run.py [--seeds 1]

Renders every held-out scene in English and in Chinese through the command line, prints the table, and writes table and contact
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
from judge import corpus

ROOT = Path(__file__).resolve().parents[3]
OUT = corpus.WORK / 'eval'
PARTS = ('subject', 'direction', 'background')


def held_out_scenes():
    scenes = [(s, d, b) for s in corpus.NAMES for d in corpus.DIRECTIONS for b in corpus.BACKGROUNDS]
    return [scene for scene in scenes if corpus.is_held_out(*scene)]


def see(judge, clip):
    """What the judges make of a clip, in the order of a scene: subject, direction, background."""
    subject, background = judging.name_scene(judge, clip)
    return subject, judging.name_direction(clip), background


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


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--seeds', type=int, default=1)
    arguments.add_argument('--judge-minutes', type=float, default=3)
    options = arguments.parse_args()
    judge, rng, figures = judging.load_judge(options.judge_minutes), random.Random(1), corpus.load_figures()
    asked = [(scene, language, seed) for scene in held_out_scenes() for language in ('en', 'zh') for seed in range(1, options.seeds + 1)]
    prompts = [corpus.caption(rng, *scene, language) for scene, language, _ in asked]
    clips = render([(prompt, 1000 * seed + i) for i, (prompt, (_, _, seed)) in enumerate(zip(prompts, asked))])
    real = [corpus.compose(rng, figures, *scene)[0] for scene, _, _ in asked]

    seen = {name: [see(judge, clip) for clip in group] for name, group in (('generated', clips), ('composed', real))}

    def share(group, part, among=lambda i: True):
        at = [i for i in range(len(asked)) if among(i)]
        index = PARTS.index(part)
        return sum(seen[group][i][index] == asked[i][0][index] for i in at) / max(1, len(at))

    lines = [f'{len(asked)} clips of {len(held_out_scenes())} held-out scenes', '',
             '| measure | generated | English | Chinese | composed (ceiling) |', '| --- | --- | --- | --- | --- |']
    for part in PARTS:
        by = [share('generated', part, lambda i, l=language: asked[i][1] == l) for language in ('en', 'zh')]
        lines.append(f'| {part} | {share("generated", part):.0%} | {by[0]:.0%} | {by[1]:.0%} | {share("composed", part):.0%} |')
    for direction in corpus.DIRECTIONS:
        own = lambda i, d=direction: asked[i][0][1] == d
        lines.append(f'| – asked: {direction} | {share("generated", "direction", own):.0%} | | | {share("composed", "direction", own):.0%} |')
    lines += ['', 'subjects: ' + ', '.join(
        f'{name} {share("generated", "subject", lambda i, n=name: asked[i][0][0] == n):.0%}' for name in corpus.NAMES)]
    wrong = [f'{asked[i][0][0]} seen as {s[0]}' for i, s in enumerate(seen['generated']) if s[0] != asked[i][0][0]]
    lines += ['', 'wrong subjects: ' + '; '.join(wrong)]
    table = '\n'.join(lines)
    print(table)
    (OUT / 'table.md').write_text(table + '\n')
    right = [s[:2] == a[0][:2] for s, a in zip(seen['generated'], asked)]
    labels = [f'{" ".join(a[0])} ({a[1]})  seen: {s[0]} {s[1]}' for a, s in zip(asked, seen['generated'])]
    for start in range(0, len(clips), 30):
        part = slice(start, start + 30)
        contact_sheet(OUT / f'sheet-{start // 30 + 1}.png', clips[part], labels[part], right[part])


if __name__ == '__main__':
    main()
