"""Composed, captioned video: animated Fluent figures (MIT) that move through backgrounds drawn in code."""
import random
from pathlib import Path

import numpy as np
from PIL import Image

from fetch import fetch_figures

WIDTH, HEIGHT, FRAMES = 112, 64, 17
FIGURE_PX = 34
WORK = Path(__file__).resolve().parents[1] / '.work'
SUBJECTS = {
    'tiger': ('1f405', ['tiger', 'striped tiger'], ['老虎', '小老虎']),
    'snail': ('1f40c', ['snail', 'brown snail'], ['蜗牛', '小蜗牛']),
    'elephant': ('1f418', ['elephant', 'grey elephant'], ['大象', '灰色大象']),
    'octopus': ('1f419', ['octopus', 'pink octopus'], ['章鱼', '粉色章鱼']),
    'turtle': ('1f422', ['turtle', 'green turtle', 'tortoise'], ['乌龟', '海龟']),
    'penguin': ('1f427', ['penguin', 'little penguin'], ['企鹅', '小企鹅']),
    'whale': ('1f433', ['whale', 'blue whale'], ['鲸鱼', '蓝色鲸鱼']),
    'panda': ('1f43c', ['panda', 'giant panda'], ['熊猫', '大熊猫']),
    'rocket': ('1f680', ['rocket', 'space rocket'], ['火箭', '小火箭']),
    'car': ('1f697', ['car', 'red car', 'automobile'], ['汽车', '红色汽车', '小轿车']),
    'ufo': ('1f6f8', ['ufo', 'flying saucer', 'spaceship'], ['飞碟', '飞船']),
    'butterfly': ('1f98b', ['butterfly', 'orange butterfly'], ['蝴蝶', '橙色蝴蝶']),
}
NAMES = list(SUBJECTS)
MOTIONS = {
    'left': ((-2, 0), ['moves left', 'walks to the left', 'goes leftwards', 'runs from right to left', 'moving left', 'heads left'],
             ['向左移动', '往左走', '向左走', '从右往左跑', '朝左边前进', '向左跑', '向左飞']),
    'right': ((2, 0), ['moves right', 'walks to the right', 'goes rightwards', 'runs from left to right', 'moving right', 'heads right'],
              ['向右移动', '往右走', '向右走', '从左往右跑', '朝右边前进', '向右跑', '向右飞']),
    'up': ((0, -2), ['moves up', 'rises', 'flies upwards', 'climbs up', 'rising into the air', 'goes up', 'floats up'],
           ['向上移动', '升起', '往上飞', '向上升', '慢慢上升', '朝上飞']),
    'down': ((0, 2), ['moves down', 'falls', 'sinks downwards', 'comes down', 'falling down', 'descends', 'goes down'],
             ['向下移动', '落下', '往下掉', '向下降', '慢慢下降', '掉下来']),
    'still': ((0, 0), ['stands still', 'stays in place', 'is not moving', 'rests', 'standing still', 'sits', ''],
              ['静止不动', '站着不动', '停在原地', '一动不动', '坐着', '']),
}
DIRECTIONS = list(MOTIONS)
PLACES = {
    'park': (['in a park', 'on the grass', 'in a green meadow', 'in the garden'], ['公园里', '草地上', '花园里', '绿色草坪上']),
    'beach': (['on the beach', 'at the seaside', 'on the sand', 'by the sea'], ['海滩上', '沙滩上', '海边']),
    'city': (['in the city', 'on a street', 'downtown', 'in town'], ['城市里', '街道上', '市区', '大街上']),
    'night': (['at night', 'under the stars', 'in the moonlight', 'in the dark night'], ['夜晚', '星空下', '月光下', '夜里']),
    'snow': (['in the snow', 'on a snowy field', 'in winter', 'on white snow'], ['雪地里', '雪中', '冬天', '白雪上']),
}
BACKGROUNDS = list(PLACES)
EXTRA_EN = ['cute', 'little', 'big', 'happy', 'slowly', 'beautiful', 'cartoon', 'one', 'single', 'lovely']
EXTRA_ZH = ['可爱的', '一只', '一个', '快乐的', '美丽的', '卡通', '小小的']


def is_held_out(subject, direction, background):
    """One in ten combinations is never trained on; every single value and every pair still is."""
    return (3 * NAMES.index(subject) + DIRECTIONS.index(direction) * 7 + BACKGROUNDS.index(background) * 4) % 10 == 0


def caption(rng, subject, direction, background, language):
    _, english, chinese = SUBJECTS[subject]
    _, motion_en, motion_zh = MOTIONS[direction]
    if language == 'zh':
        noun, motion, place = rng.choice(chinese), rng.choice(motion_zh), rng.choice(PLACES[background][1])
        extra = ''.join(rng.sample(EXTRA_ZH, rng.choice([0, 1, 1, 2])))
        return rng.choice([f'{extra}{noun}在{place}{motion}', f'{place},{extra}{noun}{motion}',
                           f'在{place}有{extra}{noun}{motion}', f'{extra}{noun}{motion},{place}'])
    noun, motion, place = rng.choice(english), rng.choice(motion_en), rng.choice(PLACES[background][0])
    extra = ' '.join(rng.sample(EXTRA_EN, rng.choice([0, 0, 1, 2])))
    article = rng.choice(['a', 'a', 'the', 'one', ''])
    return ' '.join(rng.choice([f'{article} {extra} {noun} {motion} {place}', f'{place} {article} {extra} {noun} {motion}',
                                f'{article} {noun} {motion}, {place}, {extra}', f'{article} {noun} {place} {motion}']).split())


def load_figures():
    """name → [24, 34, 34, 4] premultiplied float32, one loop of the animation at 16 frames a second or close to it."""
    fetch_figures({code for code, _, _ in SUBJECTS.values()}, WORK)
    figures = {}
    for name, (code, _, _) in SUBJECTS.items():
        image = Image.open(WORK / 'figures' / f'{code}.webp')
        frames = []
        for i in range(24):
            image.seek(i * image.n_frames // 24)
            rgba = np.asarray(image.convert('RGBA'), np.float32) / 255
            rgba[..., :3] *= rgba[..., 3:]
            small = Image.fromarray((rgba * 255).astype(np.uint8)).resize((FIGURE_PX, FIGURE_PX), Image.BOX)
            frames.append(np.asarray(small, np.float32) / 255)
        figures[name] = np.stack(frames)
    return figures


def draw_background(rng, name):
    """[HEIGHT, WIDTH, 3] in 0..1; sky over ground, with a few large shapes that differ from clip to clip."""
    sky, low, ground = {
        'park': ((.53, .78, .95), (.8, .92, .98), (.36, .66, .3)), 'beach': ((.35, .7, .95), (.7, .9, 1.), (.93, .83, .6)),
        'city': ((.7, .74, .8), (.85, .86, .88), (.38, .39, .42)), 'night': ((.03, .04, .14), (.1, .12, .3), (.07, .09, .16)),
        'snow': ((.75, .85, .95), (.9, .94, .98), (.96, .97, 1.))}[name]
    horizon = int(HEIGHT * rng.uniform(.5, .62))
    y = np.linspace(0, 1, horizon)[:, None, None]
    image = np.empty((HEIGHT, WIDTH, 3), np.float32)
    image[:horizon] = np.array(sky) * (1 - y) + np.array(low) * y
    image[horizon:] = np.array(ground) * np.linspace(1.05, .88, HEIGHT - horizon)[:, None, None]
    yy, xx = np.mgrid[:HEIGHT, :WIDTH]
    if name == 'beach':
        image[horizon:horizon + 8] = (.1, .5, .75)
    if name in ('park', 'snow'):
        for _ in range(rng.randint(2, 4)):
            x, r = rng.randint(0, WIDTH), rng.randint(7, 11)
            image[horizon - 8:horizon + 3, max(0, x - 1):x + 2] = (.4, .27, .16)
            crown = (xx - x) ** 2 + (yy - horizon + 12) ** 2 < r * r
            image[crown] = (.18, .48, .2) if name == 'park' else (.85, .92, .97)
    if name == 'city':
        x = 0
        while x < WIDTH:
            w, h = rng.randint(10, 18), rng.randint(14, 30)
            shade = rng.uniform(.45, .65)
            image[horizon - h:horizon, x:x + w - 1] = (shade, shade * .95, shade * .9)
            image[horizon - h + 3:horizon - 2:6, x + 2:x + w - 3:4] = (.95, .9, .6)
            x += w
    if name == 'night':
        x, r = rng.randint(12, WIDTH - 12), 6
        image[(xx - x) ** 2 + (yy - 11) ** 2 < r * r] = (.95, .93, .8)
        for _ in range(14):
            image[rng.randint(0, horizon), rng.randint(0, WIDTH - 1)] = .8
    return np.clip(image, 0, 1) * rng.uniform(.94, 1.03)


def compose(rng, figures, subject, direction, background, frames=FRAMES, width=WIDTH, height=HEIGHT):
    """([frames,H,W,3] float32 in 0..1, [frames,H,W] coverage of the subject)."""
    (dx, dy), _, _ = MOTIONS[direction]
    span = 2 * (frames - 1)
    room_x, room_y = width - FIGURE_PX, height - FIGURE_PX
    x = rng.randint(span, room_x) if dx < 0 else rng.randint(0, room_x - span) if dx > 0 else rng.randint(0, room_x)
    low, high = (0, max(0, room_y - span)) if dy > 0 else (min(room_y, span), room_y) if dy < 0 else (room_y // 3, room_y)
    y = rng.randint(low, high)
    scene = draw_background(rng, background)[(HEIGHT - height):, :width]
    clip = np.repeat(scene[None], frames, 0)
    cover = np.zeros((frames, height, width), np.float32)
    phase, loop = rng.randrange(24), figures[subject]
    for i in range(frames):
        px, py = int(np.clip(x + dx * i, 0, room_x)), int(np.clip(y + dy * i, 0, room_y))
        sprite = loop[(phase + i) % 24]
        part = clip[i, py:py + FIGURE_PX, px:px + FIGURE_PX]
        part *= 1 - sprite[..., 3:]
        part += sprite[..., :3]
        cover[i, py:py + FIGURE_PX, px:px + FIGURE_PX] = sprite[..., 3]
    return np.clip(clip, 0, 1), cover


def draw_scene(rng, held_out=False):
    while True:
        scene = rng.choice(NAMES), rng.choice(DIRECTIONS), rng.choice(BACKGROUNDS)
        if is_held_out(*scene) == held_out:
            return scene
