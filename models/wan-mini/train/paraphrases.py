"""Write the paraphrases that tell from which distance on two prompts ask for different scenes.

    python3 models/wan-mini/train/paraphrases.py
A line holds two wordings of one scene and a wording of another that differs from it in one thing alone, parted by tabs. The first four of five lines
are for the threshold, the others for judging it. The same seed gives the same file.
"""
import pathlib
import random
from dataclasses import replace

from grammar import ATTRIBUTES, caption, draw_scene

FILE = pathlib.Path(__file__).parent.parent / 'captions' / 'paraphrases.txt'
COUNT = 1_000
SEED = 20_260_102


def neighbour(rng, scene):
    """The same scene but for its subject, motion, place, number or colour."""
    part = rng.choice(['subject', 'motion', 'place', 'count', 'colour'])
    other = rng.choice([value for value in ATTRIBUTES[part] if value != getattr(scene, part)])
    return replace(scene, **{part: other})


def line(rng):
    while True:
        scene = draw_scene(rng)
        say = lambda what: caption(rng, what, rng.choice(['en', 'zh']))
        wordings = [say(scene), say(scene), say(neighbour(rng, scene))]
        if len(set(wordings)) == 3:
            return '\t'.join(wordings)


if __name__ == '__main__':
    generator = random.Random(SEED)
    FILE.write_text('\n'.join(line(generator) for _ in range(COUNT)) + '\n', encoding='utf8')
