"""What cameras, shrinking and JPEG do to pixels, and how strongly: the strength that belongs to a damage.

The strength is (σ / 25)^¾, at most 1, with σ the error of a pixel in 8-bit codes to be expected from noise and
JPEG together. `core/photo` estimates the same σ from a photo's quantisation table and pixels.
"""

import functools
import io
import json
import os

import numpy as np
from PIL import Image

from downscale import apply_both, blur_matrix

SIGMA_AT_FULL_STRENGTH = 25.0
EXPONENT = 0.75
NATURAL = json.load(open(os.path.join(os.path.dirname(__file__), "dct-deviation.json"), encoding="utf8"))


def strength_of(sigma):
    return float((min(sigma, SIGMA_AT_FULL_STRENGTH) / SIGMA_AT_FULL_STRENGTH) ** EXPONENT)


def jpeg_sigma_of_table(table):
    """Expected luma error in codes: a coefficient errs by its step's q²/12, but by no more than it carries (s²)."""
    steps = np.asarray(table, dtype=np.float64).reshape(8, 8)
    carried = np.asarray(NATURAL["deviation"], dtype=np.float64) ** 2
    return float(np.sqrt(np.minimum(steps**2 / 12, carried).mean()))


@functools.lru_cache(maxsize=None)
def jpeg_sigma(quality):
    data = io.BytesIO()
    Image.new("RGB", (8, 8)).save(data, "JPEG", quality=quality)
    return jpeg_sigma_of_table(Image.open(data).quantization[0])


def jpeg(picture, quality, subsampling):
    """uint8 [h, w, 3] saved and read again; subsampling 0 is 4:4:4, 2 is 4:2:0."""
    data = io.BytesIO()
    Image.fromarray(picture).save(data, "JPEG", quality=quality, subsampling=subsampling)
    return np.asarray(Image.open(data))


def sensor_noise(picture, rng, sigma):
    """Adds noise of mean deviation `sigma` codes to float 0..255: photon noise grows with the light, read noise does
    not, and a raw converter leaves part of it smeared over neighbours and part of it in the colour alone."""
    light = np.clip(picture / 255, 0, 1).mean(2, keepdims=True)
    photon_share = rng.uniform(0, 0.8)
    variance = sigma**2 * ((1 - photon_share) + photon_share * light / max(float(light.mean()), 0.05))
    noise = rng.standard_normal((*picture.shape[:2], 4), dtype=np.float32)
    if rng.random() < 0.3:
        noise = smeared(noise, rng.uniform(0.35, 0.8))
    common = rng.uniform(0, 0.9) if rng.random() < 0.5 else 0.0
    noise = np.sqrt(common) * noise[..., 3:] + np.sqrt(1 - common) * noise[..., :3]
    return picture + (np.sqrt(variance) * noise).astype(np.float32)


def smeared(noise, side):
    """Noise blurred by the 3×3 binomial-like mask (side, 1, side), with its deviation restored."""
    for axis in (0, 1):
        noise = noise + side * (np.roll(noise, 1, axis) + np.roll(noise, -1, axis))
        noise /= np.sqrt(1 + 2 * side**2)
    return noise


def oversharpened(picture, amount, sigma):
    """What small cameras do before they save: an unsharp mask, which leaves bright and dark seams along edges."""
    down, across = (blur_matrix(size, sigma) for size in picture.shape[:2])
    return picture + np.float32(amount) * (picture - apply_both(down, picture, across))


def damaged(picture, rng, heavy=False):
    """float [h, w, 3] in codes, shrunk already → (uint8, strength). One of: noise, JPEG, both, JPEG twice.

    `heavy` moves the draws towards old and badly kept pictures.
    """
    kind = rng.choice(["jpeg", "noise", "both", "twice"], p=[0.45, 0.2, 0.25, 0.1])
    sigma = 0.0
    if heavy and rng.random() < 0.4:
        picture = oversharpened(picture, rng.uniform(0.3, 1.2), rng.uniform(0.5, 1.2))
    if kind in ("noise", "both"):
        most = 25 if kind == "noise" else 12
        sigma = float(np.exp(rng.uniform(np.log(2.0 if heavy else 0.7), np.log(most))))
        picture = sensor_noise(picture, rng, sigma)
    pixels = np.clip(np.round(picture), 0, 255).astype(np.uint8)
    jpeg_part = 0.0
    for _ in range({"noise": 0, "twice": 2}.get(kind, 1)):
        quality = int(rng.integers(30, 71 if heavy else 96))
        down, right = rng.integers(0, 8, 2)
        shifted = np.pad(pixels, ((down, 0), (right, 0), (0, 0)), mode="edge")
        pixels = jpeg(shifted, quality, 2 if rng.random() < 0.7 else 0)[down:, right:]
        jpeg_part = max(jpeg_part, jpeg_sigma(quality))
    return pixels, strength_of(float(np.hypot(sigma, jpeg_part)))
