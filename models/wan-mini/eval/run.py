"""Judge the pack by what the built program renders with it, on combinations that were never trained on.

    /usr/bin/python3 models/wan-mini/eval/run.py [--rung standard] [--scenes 64] [--seeds 1] [--plain]

Renders held-out scenes, every subject equally often, in English and in Chinese through the command line (without repair: the first try counts), prints
the table, and writes table and contact sheets to models/wan-mini/.work/eval. The composer's own clips of the same scenes are judged too: that is
the ceiling, and the band of temporal health. Parity is held by test/main/engine/parity.test.ts.
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
PACK = ROOT / 'models/wan-mini/pack'
OUT = corpus.WORK / 'eval'
# Motions that optical flow can name; the others have no direction of their own.
DIRECTIONS = ('left', 'right', 'up', 'down', 'still')
TRAITS = ('colour', 'count', 'motion')


def plain_scenes(rng, known, count):
    """`count` plain scenes of the held-out combinations whose motion has a direction; subjects take turns."""
    every = [grammar.Scene(s, m, p) for s in known['subject'] for m in DIRECTIONS for p in known['place'] if grammar.is_held_out(s, m, p)]
    turns = {}
    for scene in rng.sample(every, len(every)):
        turns.setdefault(scene.subject, []).append(scene)
    names = [name for name in known['subject'] if name in turns]
    return [turns[names[i % len(names)]][i // len(names) % len(turns[names[i % len(names)]])] for i in range(count)]


def trait_scenes(rng, known, count):
    """`count` held-out scenes with a colour, more than one figure, or a motion without direction, in turns; none where the pack knows none of it."""
    scenes = []
    for i in range(count):
        trait = TRAITS[i % len(TRAITS)]
        values = [v for v in known[trait] if v not in (*DIRECTIONS, 'own', 1)]
        if not values:
            continue
        while True:
            subject, motion, place = rng.choice(known['subject']), rng.choice(values if trait == 'motion' else ['still', 'left', 'right']), rng.choice(known['place'])
            if grammar.is_held_out(subject, motion, place):
                break
        rest = {} if trait == 'motion' else {trait: rng.choice(values)}
        scenes.append(grammar.Scene(subject, motion, place, **{'count': 2} if motion == 'collide' else {}, **rest))
    return scenes


def sayable_caption(rng, scene, language, vocab):
    """A caption whose words the pack knows; of a scene that the vocabulary holds there is one."""
    for _ in range(2000):
        text = grammar.caption(rng, scene, language)
        if judging.tokenizer.UNKNOWN not in judging.tokenizer.encode(vocab, text):
            return text
    raise SystemExit(f'the pack can\'t be told {scene} in {language}')


def render(prompts, rung):
    """One project, every prompt a shot; the frames as they were rendered, and the seconds it took."""
    shutil.rmtree(OUT / 'frames', ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    size = {'widthPx': rung['widthPx'], 'heightPx': rung['heightPx'], 'fps': 16, 'codec': 'h264'}
    project = {'version': 1, 'name': 'evaluation', 'delivery': size,
               'shots': [{'id': f'shot-{i}', 'prompt': prompt, 'seed': 1000 + i, 'pack': 'wan-mini', 'rung': rung['name']} for i, prompt in enumerate(prompts)]}
    (OUT / 'project.steady.json').write_text(json.dumps(project, ensure_ascii=False))
    subprocess.run(['npm', 'run', '--silent', 'render', '--', '--project', OUT / 'project.steady.json', '--out', OUT / 'all.mp4', '--policy', 'off',
                    '--frames-dir', OUT / 'frames', '--report', OUT / 'report.json'], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    files = sorted((OUT / 'frames').glob('*.png'))
    assert len(files) == len(prompts) * rung['frameCount'], f'{len(files)} frames for {len(prompts)} shots; see report.json'
    frames = np.stack([np.asarray(Image.open(f).convert('RGB'), np.uint8) for f in files])
    return frames.reshape(len(prompts), rung['frameCount'], *frames.shape[1:])


def contact_sheet(path, clips, labels, right):
    """Four frames a clip with what was asked; a red bar where the judge saw something else."""
    rows = []
    for clip, label, ok in zip(clips, labels, right):
        at = np.linspace(0, len(clip) - 1, 4).round().astype(int)
        strip = np.concatenate([cv2.resize(clip[i], (224, 128), interpolation=cv2.INTER_CUBIC) for i in at], 1)
        bar = np.zeros((18, strip.shape[1], 3), np.uint8) + np.array((25, 76, 38) if ok else (128, 25, 25), np.uint8)
        cv2.putText(bar, label, (4, 13), cv2.FONT_HERSHEY_SIMPLEX, .42, (255, 255, 255), 1, cv2.LINE_AA)
        rows.append(np.concatenate([bar, strip]))
    half = (len(rows) + 1) // 2
    rows += [np.zeros_like(rows[0])] * (2 * half - len(rows))
    Image.fromarray(np.concatenate([np.concatenate(rows[:half]), np.concatenate(rows[half:])], 1)).save(path)


def share(values):
    return f'{np.mean(values):.0%}' if len(values) else '–'


def table(asked, seen):
    """Markdown: the share of clips in which the judge saw what was asked; what single directions and subjects got, and what the wrong ones were taken for.

    asked: (scene, language, whether it is a plain one); seen: group → per clip attribute → value."""
    def row(name, part, among, wanted):
        cells = []
        for group, languages in (('generated', ('en', 'zh')), ('generated', ('en',)), ('generated', ('zh',)), ('composed', ('en', 'zh'))):
            cells.append(share([saw[part] == wanted(scene) for saw, (scene, language, is_plain) in zip(seen[group], asked)
                                if language in languages and among(scene, is_plain)]))
        return f'| {name} | ' + ' | '.join(cells) + ' |'

    lines = ['| measure | generated | English | Chinese | composed (ceiling) |', '| --- | --- | --- | --- | --- |',
             row('subject, by shape', 'subject', lambda _, is_plain: is_plain, lambda scene: scene.subject),
             row('direction of motion', 'direction', lambda _, is_plain: is_plain, lambda scene: scene.motion),
             row('background', 'place', lambda _, is_plain: is_plain, lambda scene: scene.place),
             row('kind of motion', 'motion', lambda scene, _: scene.motion not in DIRECTIONS, lambda scene: scene.motion),
             row('colour', 'colour', lambda scene, _: scene.colour != 'own', lambda scene: scene.colour),
             row('count', 'count', lambda scene, is_plain: not is_plain and scene.motion in DIRECTIONS and scene.colour == 'own', lambda scene: scene.count)]
    lines += [row(f'– asked: {name}', 'direction', lambda scene, is_plain, name=name: is_plain and scene.motion == name, lambda scene: scene.motion)
              for name in DIRECTIONS]
    lines += ['', '| temporal health | generated, mean | inside the 5–95 % band of composed clips |', '| --- | --- | --- |']
    for name in ('neighbour PSNR', 'flicker', 'frozen'):
        band = np.quantile([saw[name] for saw in seen['composed']], (.05, .95))
        values = [saw[name] for saw in seen['generated']]
        lines.append(f'| {name} | {np.mean(values):.2f} ({band[0]:.2f} to {band[1]:.2f}) | {share([band[0] <= v <= band[1] for v in values])} |')
    own = [(scene, saw) for (scene, _, is_plain), saw in zip(asked, seen['generated']) if is_plain]
    names = sorted({scene.subject for scene, _ in own})
    subjects = ', '.join(f'{name} {share([saw["subject"] == name for scene, saw in own if scene.subject == name])}' for name in names)
    wrong = '; '.join(f'{scene.subject} seen as {saw["subject"]}' for scene, saw in own if saw['subject'] != scene.subject)
    return '\n'.join([*lines, '', f'subjects: {subjects}', '', f'wrong subjects: {wrong or "none"}'])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--rung', help='the pack\'s first one where none is named')
    arguments.add_argument('--scenes', type=int, default=40, help='plain ones, each in both languages')
    arguments.add_argument('--traits', type=int, default=18, help='scenes with a colour, a count or another motion, each in both languages')
    arguments.add_argument('--judge-minutes', type=float, default=8)
    arguments.add_argument('--plain', action='store_true', help='for a pack that knows subject, motion and place alone')
    arguments.add_argument('--without', nargs='*', default=[], help='values that the vocabulary could say but the pack never saw')
    options = arguments.parse_args()
    manifest = json.loads((PACK / 'pack.json').read_text('utf8'))
    vocab = json.loads((PACK / manifest['tokenizer']['file']).read_text('utf8'))['model']['vocab']
    rung = next(r for r in manifest['rungs'] if options.rung in (None, r['name']))
    known = {name: [v for v in values if v not in options.without] for name, values in judging.sayable(vocab, options.plain).items()}
    size = rung['widthPx'], rung['heightPx'], rung['frameCount'], rung['widthPx'] / corpus.WIDTH
    judge, rng, figures = judging.load_judge(judging.sayable(vocab, options.plain), size, options.judge_minutes), random.Random(1), corpus.load_figures()
    scenes = [(scene, True) for scene in plain_scenes(rng, known, options.scenes)] + [(scene, False) for scene in trait_scenes(rng, known, options.traits)]
    asked = [(scene, language, is_plain) for scene, is_plain in scenes for language in ('en', 'zh')]
    clips = render([sayable_caption(rng, scene, language, vocab) for scene, language, _ in asked], rung)
    composed = [(corpus.compose(rng, figures, scene, size[2], size[0], size[1], size[3])[0] * 255).round().astype(np.uint8) for scene, _, _ in asked]
    judged = lambda clip: {**judging.see(judge, clip.astype(np.float32) / 255), **judging.health(clip.astype(np.float32) / 255)}
    seen = {name: [judged(clip) for clip in group] for name, group in (('generated', clips), ('composed', composed))}
    text = (f'{manifest["id"]} {manifest["version"]}, rung {rung["name"]}: {len(asked)} clips of {len(scenes)} held-out scenes, '
            f'{rung["widthPx"]} × {rung["heightPx"]}, {rung["frameCount"]} frames, {rung["steps"]} steps\n\n' + table(asked, seen))
    print(text)
    (OUT / f'table-{rung["name"]}.md').write_text(text + '\n')
    right = [saw['subject'] == scene.subject and (scene.motion not in DIRECTIONS or saw['direction'] == scene.motion)
             for saw, (scene, _, _) in zip(seen['generated'], asked)]
    labels = [f'{scene.subject} {scene.motion} {scene.place} {scene.colour} {scene.count} ({language})  seen: {saw["subject"]} {saw["direction"]}'
              for saw, (scene, language, _) in zip(seen['generated'], asked)]
    order = sorted(range(len(clips)), key=lambda i: right[i])
    for start in range(0, len(clips), 30):
        part = order[start:start + 30]
        contact_sheet(OUT / f'sheet-{rung["name"]}-{start // 30 + 1}.png', [clips[i] for i in part], [labels[i] for i in part], [right[i] for i in part])


if __name__ == '__main__':
    main()
