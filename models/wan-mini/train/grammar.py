"""What a scene can be, and how people say it: the vocabulary of subjects, motions and places, in English and Chinese."""
from dataclasses import dataclass, fields

# name → (code point of the figure, English singular nouns, English plural, Chinese nouns)
SUBJECTS = {
    'tiger': ('1f405', ['tiger', 'striped tiger'], 'tigers', ['老虎', '小老虎']),
    'snail': ('1f40c', ['snail', 'brown snail'], 'snails', ['蜗牛', '小蜗牛']),
    'elephant': ('1f418', ['elephant', 'grey elephant'], 'elephants', ['大象', '灰色大象']),
    'octopus': ('1f419', ['octopus', 'pink octopus'], 'octopuses', ['章鱼', '粉色章鱼']),
    'turtle': ('1f422', ['turtle', 'tortoise'], 'turtles', ['乌龟', '海龟']),
    'penguin': ('1f427', ['penguin', 'little penguin'], 'penguins', ['企鹅', '小企鹅']),
    'whale': ('1f433', ['whale', 'spouting whale'], 'whales', ['鲸鱼', '大鲸鱼']),
    'panda': ('1f43c', ['panda', 'giant panda'], 'pandas', ['熊猫', '大熊猫']),
    'rocket': ('1f680', ['rocket', 'space rocket'], 'rockets', ['火箭', '太空火箭']),
    'car': ('1f697', ['car', 'automobile'], 'cars', ['汽车', '小轿车']),
    'ufo': ('1f6f8', ['ufo', 'flying saucer'], 'flying saucers', ['飞碟', '不明飞行物']),
    'butterfly': ('1f98b', ['butterfly', 'colourful butterfly'], 'butterflies', ['蝴蝶', '花蝴蝶']),
    'fish': ('1f420', ['fish', 'tropical fish'], 'tropical fish', ['鱼', '热带鱼', '小鱼']),
    'dolphin': ('1f42c', ['dolphin'], 'dolphins', ['海豚']),
    'crab': ('1f980', ['crab'], 'crabs', ['螃蟹']),
    'duck': ('1f986', ['duck', 'mallard'], 'ducks', ['鸭子', '小鸭']),
    'giraffe': ('1f992', ['giraffe'], 'giraffes', ['长颈鹿']),
    'dinosaur': ('1f995', ['dinosaur', 'long-necked dinosaur'], 'dinosaurs', ['恐龙', '长颈恐龙']),
    'flamingo': ('1f9a9', ['flamingo', 'pink flamingo'], 'flamingos', ['火烈鸟']),
    'ghost': ('1f47b', ['ghost', 'white ghost'], 'ghosts', ['幽灵', '鬼魂']),
    'robot': ('1f916', ['robot', 'robot head'], 'robots', ['机器人']),
    'helicopter': ('1f681', ['helicopter', 'chopper'], 'helicopters', ['直升机']),
    'sailboat': ('26f5', ['sailboat', 'sailing boat', 'boat'], 'sailboats', ['帆船', '小船']),
    'snowman': ('26c4', ['snowman'], 'snowmen', ['雪人']),
    'star': ('2b50', ['star', 'golden star'], 'stars', ['星星', '五角星']),
    'heart': ('2764', ['heart', 'beating heart'], 'hearts', ['爱心', '心形']),
    'pumpkin': ('1f383', ['pumpkin', 'halloween pumpkin'], 'pumpkins', ['南瓜', '南瓜灯']),
    'snake': ('1f40d', ['snake'], 'snakes', ['蛇', '小蛇']),
    'bee': ('1f41d', ['bee', 'honeybee'], 'bees', ['蜜蜂']),
    'rabbit': ('1f407', ['rabbit', 'bunny'], 'rabbits', ['兔子', '小白兔']),
    'pig': ('1f416', ['pig', 'piglet'], 'pigs', ['猪', '小猪']),
    'camel': ('1f42b', ['camel', 'two-humped camel'], 'camels', ['骆驼', '双峰骆驼']),
}
# name → (English, finite; English, participle; Chinese)
MOTIONS = {
    'left': (['moves left', 'walks to the left', 'runs from right to left', 'heads left', 'goes leftwards'],
             ['moving left', 'walking to the left', 'running left', 'heading left'],
             ['向左移动', '往左走', '向左走', '从右往左跑', '朝左边前进', '向左跑', '向左飞']),
    'right': (['moves right', 'walks to the right', 'runs from left to right', 'heads right', 'goes rightwards'],
              ['moving right', 'walking to the right', 'running right', 'heading right'],
              ['向右移动', '往右走', '向右走', '从左往右跑', '朝右边前进', '向右跑', '向右飞']),
    'up': (['moves up', 'rises', 'flies upwards', 'climbs up', 'floats up', 'takes off'],
           ['moving up', 'rising into the air', 'flying upwards', 'floating up'],
           ['向上移动', '升起', '往上飞', '向上升', '慢慢上升', '起飞']),
    'down': (['moves down', 'falls', 'sinks downwards', 'comes down', 'descends', 'drops from above'],
             ['moving down', 'falling down', 'sinking', 'dropping from above'],
             ['向下移动', '落下', '往下掉', '向下降', '慢慢下降', '掉下来']),
    'still': (['stands still', 'stays in place', 'is not moving', 'rests', 'waits', ''],
              ['standing still', 'staying in place', 'resting', 'waiting', ''],
              ['静止不动', '站着不动', '停在原地', '一动不动', '休息', '']),
    'jump': (['jumps', 'leaps into the air', 'jumps up and down', 'hops'], ['jumping', 'hopping', 'jumping up and down'],
             ['跳跃', '跳起来', '蹦蹦跳跳', '上下跳动']),
    'bounce': (['bounces on the ground', 'bounces like a ball', 'drops and bounces'], ['bouncing', 'bouncing like a ball'],
               ['弹跳', '像皮球一样弹跳', '落地弹起']),
    'spin': (['spins', 'turns around', 'rotates', 'whirls in a circle'], ['spinning', 'rotating', 'turning round and round'],
             ['旋转', '转圈', '打转', '转动']),
    'approach': (['comes closer', 'approaches the camera', 'gets nearer', 'grows larger'],
                 ['coming closer', 'approaching the camera', 'growing larger'], ['靠近', '走近镜头', '越来越近', '越来越大']),
    'collide': (['collides with another one', 'bumps into another one'], ['colliding', 'bumping into each other', 'crashing together'],
                ['相撞', '撞在一起', '互相碰撞']),
}
PLACES = {
    'park': (['in a park', 'on the grass', 'in a green meadow', 'in the garden'], ['公园里', '草地上', '花园里', '绿色草坪上']),
    'beach': (['on the beach', 'at the seaside', 'on the sand by the sea'], ['海滩上', '沙滩上', '海边']),
    'city': (['in the city', 'on a street', 'downtown', 'in town'], ['城市里', '街道上', '市区', '大街上']),
    'night': (['at night', 'under the stars', 'in the moonlight', 'in the dark night'], ['夜晚', '星空下', '月光下', '夜里']),
    'snow': (['in a snowy landscape', 'on a snowy field', 'in winter', 'on white snow'], ['雪地里', '雪地上', '冬天', '白雪上']),
    'desert': (['in the desert', 'among sand dunes'], ['沙漠里', '沙丘上', '沙漠中']),
    'sea': (['underwater', 'in the deep sea', 'under the sea', 'in the ocean'], ['海底', '水下', '深海里', '大海里']),
    'sky': (['in the sky', 'among the clouds', 'above the clouds'], ['天空中', '云层间', '云朵之间']),
    'room': (['in a room', 'indoors', 'at home', 'in the living room'], ['房间里', '室内', '家里', '客厅里']),
    'forest': (['in the forest', 'in the woods', 'among tall trees'], ['森林里', '树林中', '大树之间']),
}
COUNTS = {1: (['a', 'a', 'the', 'one', ''], ['一只', '一个', '']), 2: (['two', 'a pair of'], ['两只', '两个']), 3: (['three'], ['三只', '三个'])}
SIZES = {'medium': ([''], ['']), 'small': (['small', 'tiny'], ['小小的', '很小的']), 'big': (['big', 'huge', 'large'], ['巨大的', '很大的'])}
COLOURS = {'own': ([''], [''], None), 'red': (['red'], ['红色的', '红'], (.92, .16, .14)), 'blue': (['blue'], ['蓝色的', '蓝'], (.14, .38, .95)),
           'green': (['green'], ['绿色的', '绿'], (.13, .72, .25)), 'yellow': (['yellow'], ['黄色的', '黄'], (.98, .85, .1)),
           'purple': (['purple', 'violet'], ['紫色的', '紫'], (.6, .2, .82))}
LIGHTS = {'plain': ([''], ['']), 'sunset': (['at sunset', 'in warm evening light', 'at dusk'], ['夕阳下', '黄昏时', '傍晚的暖光中'])}
WEATHERS = {'clear': ([''], ['']), 'rain': (['in the rain', 'while it is raining', 'rainy weather'], ['下着雨', '雨中', '下雨天']),
            'snowfall': (['while snow is falling', 'snowflakes falling'], ['下着雪', '雪花飘落']),
            'fog': (['in the fog', 'foggy', 'misty'], ['雾中', '大雾弥漫'])}
CAMERAS = {'static': ([''], ['']), 'pan left': (['the camera pans left', 'camera pan to the left'], ['镜头向左平移', '镜头左移']),
           'pan right': (['the camera pans right', 'camera pan to the right'], ['镜头向右平移', '镜头右移']),
           'zoom in': (['the camera zooms in', 'slow zoom in'], ['镜头推近', '镜头缓缓推进'])}
MOODS = (['cute', 'happy', 'lovely', 'cartoon', 'beautiful', 'animated', '3d', 'funny'], ['可爱的', '快乐的', '美丽的', '卡通', '动画风格的', '有趣的'])
ATTRIBUTES = dict(subject=SUBJECTS, motion=MOTIONS, place=PLACES, count=COUNTS, size=SIZES, colour=COLOURS, light=LIGHTS,
                  weather=WEATHERS, camera=CAMERAS)


@dataclass(frozen=True)
class Scene:
    """One value of each attribute; what is not said is the plain case."""
    subject: str
    motion: str
    place: str
    count: int = 1
    size: str = 'medium'
    colour: str = 'own'
    light: str = 'plain'
    weather: str = 'clear'
    camera: str = 'static'

    def labels(self):
        return [list(ATTRIBUTES[f.name]).index(getattr(self, f.name)) for f in fields(self)]


def is_held_out(subject, motion, place):
    """One in ten combinations is never trained on; every single value and every pair still is."""
    index = [list(table).index(value) for table, value in ((SUBJECTS, subject), (MOTIONS, motion), (PLACES, place))]
    return (3 * index[0] + 7 * index[1] + index[2]) % 10 == 0


def draw_scene(rng, held_out=False):
    """A scene of the training set or, from the combinations it lacks, of the held-out one; half of them are plain."""
    while True:
        subject, motion, place = rng.choice(list(SUBJECTS)), rng.choice(list(MOTIONS)), rng.choice(list(PLACES))
        if is_held_out(subject, motion, place) == held_out:
            break
    rest = {}
    if motion == 'collide':
        rest['count'] = 2
    if held_out or rng.random() < .5:
        return Scene(subject, motion, place, **rest)
    if motion not in ('collide', 'approach') and rng.random() < .35:
        rest['count'] = rng.choice([2, 2, 3])
    if rest.get('count', 1) == 1 and motion != 'approach' and rng.random() < .35:
        rest['size'] = rng.choice(['small', 'big'])
    if rng.random() < .35:
        rest['colour'] = rng.choice(list(COLOURS)[1:])
    if place not in ('night', 'room', 'sea') and rng.random() < .25:
        rest['light'] = 'sunset'
    if place not in ('room', 'sea') and rng.random() < .3:
        rest['weather'] = rng.choice(list(WEATHERS)[1:])
    if motion in ('still', 'jump', 'spin', 'bounce') and rng.random() < .4:
        rest['camera'] = rng.choice(list(CAMERAS)[1:])
    return Scene(subject, motion, place, **rest)


def caption(rng, scene, language, brief=False):
    """One of many ways to say a scene; a brief one leaves the place, the motion or both to the model."""
    column = 0 if language == 'en' else 1
    say = lambda table, value: rng.choice(table[value][column])
    code, singular, plural, chinese = SUBJECTS[scene.subject]
    leave = rng.choice(['place', 'motion', 'both']) if brief else ''
    place = '' if leave in ('place', 'both') else say(PLACES, scene.place)
    around = [say(LIGHTS, scene.light), say(WEATHERS, scene.weather)]
    camera, mood = say(CAMERAS, scene.camera), rng.choice(MOODS[column]) if rng.random() < .35 else ''
    finite, participle, motion_zh = MOTIONS[scene.motion]
    if language == 'en':
        verb = '' if leave in ('motion', 'both') else rng.choice(finite if scene.count == 1 and rng.random() < .6 else participle)
        noun = rng.choice(singular) if scene.count == 1 else plural
        figure = ' '.join([say(COUNTS, scene.count), mood, say(SIZES, scene.size), say(COLOURS, scene.colour), noun])
        core = rng.choice([f'{figure} {verb} {place}', f'{place} {figure} {verb}', f'{place}, {figure} {verb}', f'{figure} {place} {verb}'])
        tail = [part for part in (*around, camera) if part]
        text = rng.choice([', ', ' ', '. ']).join([core, *tail]) if rng.random() < .8 else ', '.join([*tail, core])
        return ' '.join(text.replace(' ,', ',').replace(' .', '.').split()).strip(' ,.')
    verb = '' if leave in ('motion', 'both') else rng.choice(motion_zh)
    figure = f'{say(COUNTS, scene.count)}{mood}{say(SIZES, scene.size)}{say(COLOURS, scene.colour)}{rng.choice(chinese)}'
    core = rng.choice([f'{figure}在{place}{verb}', f'{place},{figure}{verb}', f'在{place}有{figure}{verb}', f'{figure}{verb},{place}']) if place else f'{figure}{verb}'
    return '，'.join(rng.sample([core, *[p for p in around if p]], 1 + sum(map(bool, around))) + ([camera] if camera else [])).strip(',，')
