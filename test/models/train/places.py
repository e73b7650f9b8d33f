"""Where the modules under test are, and pictures to try them on."""

import os
import sys

import numpy as np
from PIL import Image

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "models", "train"))


def drawn_picture(seed, height, width):
    """uint8 [height, width, 3]: soft shapes with hard edges and some texture."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    picture = np.full((height, width, 3), 120, np.float32)
    for _ in range(14):
        normal, offset = rng.normal(size=2), rng.uniform(-0.5, 0.5) * width
        side = ((x - width / 2) * normal[0] + (y - height / 2) * normal[1]) > offset
        picture[side] += rng.uniform(-40, 40, 3)
    wave = np.sin(x * rng.uniform(0.2, 0.9) + y * rng.uniform(0.2, 0.9))[..., None]
    return np.clip(picture + 12 * wave, 0, 255).astype(np.uint8)


def save_pictures(folder, count, side):
    """Enough PNG files that some are held out."""
    for index in range(count):
        Image.fromarray(drawn_picture(index, side, side)).save(os.path.join(folder, f"picture-{index}.png"))
