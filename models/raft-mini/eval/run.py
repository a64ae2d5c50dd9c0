"""Judge raft-mini against OpenCV's DIS and Farnebäck: `/usr/bin/python3 models/raft-mini/eval/run.py [--pairs 300]`.

All see the same pairs in the same run: figures that training never saw, clean and disturbed. Flow comes from the exported graph through the
runtime that ships; the table goes to standard output and the worst pairs of raft-mini to .work/worst.png."""
import argparse
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE / 'train'))
import data

ROOT = HERE.parents[1]


def grey(image):
    return cv2.cvtColor((np.clip(image, 0, 1) * 255).astype(np.uint8), cv2.COLOR_RGB2GRAY)


def classical(name, pairs):
    """(flows, seconds a pair)"""
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    see = {'DIS (medium)': lambda a, b: dis.calc(a, b, None),
           'Farnebäck': lambda a, b: cv2.calcOpticalFlowFarneback(a, b, None, .5, 4, 15, 3, 5, 1.2, 0)}[name]
    flows, seconds = [], []
    for one, two in pairs:
        a, b = grey(one), grey(two)
        begin = time.perf_counter()
        flows.append(see(a, b))
        seconds.append(time.perf_counter() - begin)
    return np.stack(flows), seconds


def raft(pairs):
    rows, columns = pairs[0][0].shape[:2]
    raw = np.stack([np.stack(pair) for pair in pairs]).transpose(0, 1, 4, 2, 3).astype('<f4').tobytes()
    result = subprocess.run([ROOT / 'node_modules/.bin/node', HERE / 'eval/flow.mjs', HERE / 'pack/model.onnx', str(rows), str(columns)], input=raw,
                            capture_output=True, check=True)
    return np.frombuffer(result.stdout, '<f4').reshape(-1, 2, rows, columns).transpose(0, 2, 3, 1), json.loads(result.stderr)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument('--pairs', type=int, default=300)
    count = arguments.parse_args().pairs
    cv2.setNumThreads(2)
    rng, python_rng, figures = np.random.default_rng(90210), random.Random(90210), data.corpus.load_figures()
    drawn = [data.draw_pair(rng, python_rng, figures, data.HELD_OUT) for _ in range(count)]
    truth = np.stack([flow for *_, flow in drawn])
    sets = {'clean': [pair[:2] for pair in drawn], 'disturbed': [data.disturb(rng, pair[:2]) for pair in drawn]}
    length = np.linalg.norm(truth, axis=-1)
    errors, times = {}, {}
    for name, see in (('raft-mini', raft), ('DIS (medium)', lambda p: classical('DIS (medium)', p)), ('Farnebäck', lambda p: classical('Farnebäck', p))):
        for kind, pairs in sets.items():
            flows, seconds = see(pairs)
            errors[name, kind], times[name] = np.linalg.norm(flows - truth, axis=-1), seconds
    print(f'{count} held-out pairs of {data.WIDTH} × {data.HEIGHT}; end-point error in pixels\n')
    print('| method | clean | disturbed | where nothing moves | up to 6 px | beyond 6 px | ms a pair (median) |\n| --- | --- | --- | --- | --- | --- | --- |')
    for name in times:
        e = errors[name, 'clean']
        shares = [e[mask].mean() for mask in (length < .05, (length >= .05) & (length <= 6), length > 6)]
        print(f'| {name} | {e.mean():.3f} | {errors[name, "disturbed"].mean():.3f} | ' + ' | '.join(f'{s:.3f}' for s in shares)
              + f' | {np.median(times[name]) * 1000:.1f} |')
    worst = np.argsort(errors['raft-mini', 'clean'].mean((1, 2)))[-8:]
    Image.fromarray((np.clip(np.concatenate([np.concatenate(sets['clean'][i], 1) for i in worst]), 0, 1) * 255).astype(np.uint8)).save(
        HERE / '.work/worst.png')


if __name__ == '__main__':
    main()
