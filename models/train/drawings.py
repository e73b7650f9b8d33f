"""Drawn pictures among the photos: flat areas, hard edges and lettering, which photos have too little of to learn
that a flat stays flat and an edge does not ring; and skies, on which noise is seen first."""

import numpy as np
from PIL import Image, ImageDraw

OVERSAMPLING = 2
LETTERS = "ABCDEFGHKLMNPRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789"


def drawings(count, side, seed):
    """List of uint8 [side, side, 3], the same for the same seed."""
    return [drawing(np.random.default_rng([seed, index]), side) for index in range(count)]


def drawing(rng, side):
    draw = page if rng.random() < 0.3 else shapes
    return np.asarray(draw(rng, side * OVERSAMPLING).resize((side, side), Image.BOX))


def shapes(rng, size):
    """Areas, lines and letters of any colours, over one another."""
    picture = Image.new("RGB", (size, size), colour(rng))
    pen = ImageDraw.Draw(picture)
    for _ in range(int(rng.integers(6, 30))):
        place = rng.uniform(-0.1, 1.1, (int(rng.integers(3, 6)), 2)) * size
        kind = rng.integers(5)
        if kind == 0:
            pen.polygon([tuple(point) for point in place], fill=colour(rng))
        elif kind == 1:
            pen.line([tuple(point) for point in place], fill=colour(rng), width=int(rng.integers(1, 24)))
        elif kind == 2:
            low, high = np.minimum(place[0], place[1]), np.maximum(place[0], place[1])
            pen.ellipse([*low, *high], fill=colour(rng))
        elif kind == 3:
            low, high = np.minimum(place[0], place[1]), np.maximum(place[0], place[1])
            pen.rectangle([*low, *high], fill=colour(rng))
        else:
            write(picture, rng, place[0])
    return picture


def page(rng, size):
    """Coloured letters on white or black, small ones among them, as on slides and signs. Where one channel of the ink is
    nearly that of the paper, a network that paints what it sees in the others moves the colour of the whole block."""
    picture = Image.new("RGB", (size, size), (255, 255, 255) if rng.random() < 0.7 else (0, 0, 0))
    for _ in range(int(rng.integers(8, 30))):
        write(picture, rng, rng.uniform(-0.1, 1, 2) * size, strong_colour(rng))
    return picture


def write(picture, rng, place, ink=None):
    """A few lines in PIL's built-in letters, enlarged so that their strokes are some pixels wide."""
    text = "\n".join("".join(rng.choice(list(LETTERS + "   "), 24)) for _ in range(4))
    mask = Image.new("L", (160, 60))
    ImageDraw.Draw(mask).text((2, 2), text, fill=255)
    times = int(rng.integers(2, 7))
    mask = mask.resize((mask.width * times, mask.height * times), Image.BICUBIC)
    picture.paste(ink or colour(rng), (int(place[0]), int(place[1])), mask)


def smooth(rng, side, steepest=0.3):
    """float32 [side, side, 3]: one colour runs smoothly into another, by up to `steepest` codes a pixel."""
    angle = rng.uniform(0, 2 * np.pi)
    across = np.arange(side, dtype=np.float32) - side / 2
    way = np.cos(angle) * across[:, None] + np.sin(angle) * across
    slopes = rng.uniform(0, steepest) * rng.uniform(-0.3, 1, 3)
    return np.clip(way[..., None] * slopes + np.array(colour(rng)), 0, 255).astype(np.float32)


def strong_colour(rng):
    """A colour whose channels are mostly next to 0 or 255, each for itself."""
    return tuple(int(v) for v in np.round(255 * rng.beta(0.4, 0.4, 3)))


def colour(rng):
    """Any colour; half of them grey, black and white among them."""
    if rng.random() < 0.5:
        return (int(np.clip(rng.integers(-40, 296), 0, 255)),) * 3
    return tuple(int(v) for v in rng.integers(0, 256, 3))
