"""Write the captions that the text encoder's healthy range is fitted on: the grammar's own, English and Chinese, one a line.

    python3 models/wan-mini/train/captions.py
The same seed gives the same file; the held-out part shares no caption with the other one.
"""
import pathlib
import random

from grammar import caption, draw_scene

FOLDER = pathlib.Path(__file__).parent.parent / 'captions'
COUNTS = {'train': 4_000, 'held-out': 1_000}
SEED = 20_260_101


def distinct_captions(count):
    rng = random.Random(SEED)
    seen = {}
    while len(seen) < count:
        text = caption(rng, draw_scene(rng), rng.choice(['en', 'zh']), brief=rng.random() < .1)
        seen.setdefault(text)
    return list(seen)


if __name__ == '__main__':
    FOLDER.mkdir(exist_ok=True)
    left = distinct_captions(sum(COUNTS.values()))
    for part, count in COUNTS.items():
        (FOLDER / f'{part}.txt').write_text('\n'.join(left[:count]) + '\n', encoding='utf8')
        left = left[count:]
