"""Ten places drawn in code: sky over ground, a few large shapes that differ from clip to clip, light that falls off."""
import cv2
import numpy as np

# sky at the top, sky at the horizon, ground
PALETTES = {
    'park': ((.53, .78, .95), (.8, .92, .98), (.36, .66, .3)), 'beach': ((.35, .7, .95), (.7, .9, 1.), (.93, .83, .6)),
    'city': ((.7, .74, .8), (.85, .86, .88), (.38, .39, .42)), 'night': ((.03, .04, .14), (.1, .12, .3), (.07, .09, .16)),
    'snow': ((.75, .85, .95), (.9, .94, .98), (.96, .97, 1.)), 'desert': ((.95, .75, .45), (1., .9, .65), (.85, .6, .3)),
    'sea': ((.1, .45, .7), (.05, .3, .55), (.03, .16, .32)), 'sky': ((.3, .58, .95), (.62, .82, 1.), (.75, .9, 1.)),
    'room': ((.93, .87, .76), (.88, .8, .68), (.55, .38, .25)), 'forest': ((.45, .66, .45), (.3, .5, .3), (.2, .32, .14)),
}


def draw_place(rng, name, width, height):
    """[height, width, 3] float32 in 0..1."""
    sky, low, ground = (np.array(c, np.float32) for c in PALETTES[name])
    horizon = height if name in ('sea', 'sky') else int(height * rng.uniform(.5, .62))
    y = np.linspace(0, 1, horizon, dtype=np.float32)[:, None, None]
    image = np.empty((height, width, 3), np.float32)
    image[:horizon] = sky * (1 - y) + (ground if name in ('sea', 'sky') else low) * y
    if horizon < height:
        image[horizon:] = ground * np.linspace(1.05, .85, height - horizon, dtype=np.float32)[:, None, None]
    DETAILS[name](rng, image, horizon)
    return np.clip(image * np.float32(rng.uniform(.94, 1.03)), 0, 1)


def disc(image, x, y, radius, colour):
    cv2.circle(image, (int(x), int(y)), int(radius), colour, -1, cv2.LINE_AA)


def box(image, left, top, right, bottom, colour):
    cv2.rectangle(image, (int(left), int(top)), (int(right) - 1, int(bottom) - 1), colour, -1)


def cloud(rng, image, x, y, size, colour=(1., 1., 1.)):
    for dx, dy, r in ((-.9, .1, .5), (0, -.2, .7), (.9, .1, .55), (.3, .2, .6)):
        disc(image, x + dx * size, y + dy * size, r * size, colour)


def park(rng, image, horizon):
    width = image.shape[1]
    for _ in range(rng.randint(3, 6)):
        x, r = rng.randint(0, width), rng.randint(11, 17)
        box(image, x - 2, horizon - 12, x + 2, horizon + 5, (.4, .27, .16))
        disc(image, x, horizon - 18, r, (.18, .48, .2))


def beach(rng, image, horizon):
    image[horizon:horizon + 12] = (.1, .5, .75)
    disc(image, rng.randint(20, image.shape[1] - 20), 16, 9, (1., .95, .6))


def city(rng, image, horizon):
    x = 0
    while x < image.shape[1]:
        w, h, shade = rng.randint(15, 27), rng.randint(20, 46), rng.uniform(.45, .65)
        image[horizon - h:horizon, x:x + w - 1] = (shade, shade * .95, shade * .9)
        image[horizon - h + 4:horizon - 3:8, x + 3:x + w - 4:5] = (.95, .9, .6)
        image[horizon - h + 5:horizon - 3:8, x + 3:x + w - 4:5] = (.95, .9, .6)
        x += w
    image[horizon + 14:horizon + 16, ::2] = .75


def night(rng, image, horizon):
    disc(image, rng.randint(60, image.shape[1] - 60), 16, 9, (.95, .93, .8))
    for _ in range(30):
        x, y = rng.randint(0, image.shape[1] - 2), rng.randint(0, horizon - 2)
        image[y:y + 2, x] = .85


def snow(rng, image, horizon):
    for _ in range(rng.randint(3, 6)):
        x, r = rng.randint(0, image.shape[1]), rng.randint(9, 14)
        for k in range(3):
            corners = [(x - r + 2 * k, horizon - 8 * k), (x + r - 2 * k, horizon - 8 * k), (x, horizon - 14 - 8 * k)]
            cv2.fillPoly(image, [np.array(corners)], (.72, .84, .86), cv2.LINE_AA)


def desert(rng, image, horizon):
    width = image.shape[1]
    for k in range(2):
        x = np.arange(width)
        top = horizon + 4 + 14 * k + 7 * np.sin(x / rng.uniform(22, 34) + rng.uniform(0, 6))
        below = np.arange(image.shape[0])[:, None] > top[None]
        image[below] = (.9 - .12 * k, .66 - .1 * k, .36 - .06 * k)
    for _ in range(rng.randint(1, 3)):
        x, y = rng.randint(0, width), horizon + rng.randint(-4, 6)
        box(image, x - 2, y - 18, x + 3, y, (.2, .5, .25))
        box(image, x - 7, y - 13, x + 8, y - 10, (.2, .5, .25))
        box(image, x - 7, y - 17, x - 4, y - 10, (.2, .5, .25))


def sea(rng, image, horizon):
    height, width, _ = image.shape
    for _ in range(rng.randint(4, 7)):
        x, tall = rng.randint(0, width), rng.randint(16, 34)
        box(image, x - 2, height - tall, x + 3, height, (.1, .45, .3))
        box(image, x - 6, height - tall // 2, x + 7, height - tall // 2 + 4, (.1, .45, .3))
    for _ in range(14):
        cv2.circle(image, (rng.randint(0, width), rng.randint(0, height)), rng.randint(2, 4), (.6, .85, .95), 1, cv2.LINE_AA)


def sky(rng, image, horizon):
    for _ in range(rng.randint(4, 7)):
        cloud(rng, image, rng.randint(0, image.shape[1]), rng.randint(10, image.shape[0] - 8), rng.randint(9, 16))


def room(rng, image, horizon):
    width = image.shape[1]
    image[horizon - 3:horizon] = (.98, .96, .9)
    x = rng.randint(40, width - 90)
    box(image, x, 10, x + 38, 38, (1., 1., 1.))
    box(image, x + 3, 13, x + 18, 35, (.6, .82, .96))
    box(image, x + 20, 13, x + 35, 35, (.6, .82, .96))
    x = (x + rng.randint(55, 80)) % width
    box(image, x, 14, x + 22, 34, (.7, .25, .2))
    box(image, x + 3, 17, x + 19, 31, (.95, .85, .5))


def forest(rng, image, horizon):
    width = image.shape[1]
    for _ in range(rng.randint(9, 14)):
        x, w, shade = rng.randint(0, width), rng.randint(4, 9), rng.uniform(.6, 1.)
        box(image, x, 0, x + w, horizon + rng.randint(2, 10), (.32 * shade, .22 * shade, .13 * shade))
    for _ in range(12):
        disc(image, rng.randint(0, width), rng.randint(-4, 10), rng.randint(9, 15), (.12, rng.uniform(.3, .42), .13))


DETAILS = dict(park=park, beach=beach, city=city, night=night, snow=snow, desert=desert, sea=sea, sky=sky, room=room, forest=forest)
