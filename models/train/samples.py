"""Batches: a function of (seed, step) alone, so that a resumed training sees what an unbroken one would have seen."""

import numpy as np
import torch
from PIL import Image

from damage import damaged
from downscale import apply_both, blur_matrix, shrink_matrix
from drawings import drawings, smooth

DRAWN = 96  # pictures, of which samples are parts
MARGIN = 6  # output pixels around a crop that feed the shrinking kernel and the blur


class Sampler:
    """Draws pairs of a small, perhaps damaged, and a large picture.

    `batch(step)` → what `as_tensors` makes input and target of; the samples depend on the seed and the step alone.
    Shrinking works on the encoded values (sRGB), as viewers and cameras do; one damaged sample in eight is shrunk in
    linear light.
    """

    def __init__(self, photos, scale, data, seed):
        self.photos, self.scale, self.data, self.seed = photos, scale, data, seed
        side = max(512, (data.crop + 2 * MARGIN) * max(scale, 2))
        self.drawn = drawings(DRAWN, side, seed) if data.drawn_share > 0 else []

    def batch(self, step):
        pairs = [self.pair(np.random.default_rng([self.seed, step, i])) for i in range(self.data.batch)]
        return stack(pairs)

    def pair(self, rng):
        crop, scale = self.data.crop, self.scale
        if self.data.sky_share > 0 and rng.random() < self.data.sky_share:
            return self.sky(rng)
        clean = rng.random() < self.data.clean_share
        # For a network that does not enlarge, half of the pictures are halved first: finer texture, no old JPEG traces.
        factor = scale if scale > 1 else int(rng.integers(1, 3))
        drawn = rng.random() < self.data.drawn_share
        pictures = self.drawn if drawn else self.photos
        photo = pictures[int(rng.integers(len(pictures)))]
        side = (crop + 2 * MARGIN) * factor
        span = side
        if rng.random() < self.data.zoom_share:
            span = min(round(side * rng.uniform(1, 2)), *photo.shape[:2])
        large = random_part(photo, span, rng)
        # Skies teach little: often the finer of two parts is taken.
        if rng.random() < self.data.finer_share:
            large = max(large, random_part(photo, span, rng), key=fineness)
        if span > side:
            large = np.asarray(Image.fromarray(large).resize((side, side), Image.LANCZOS))
        if rng.random() < self.data.tone_share:
            large = retoned(large, rng)
        original = turned(large, int(rng.integers(8)))
        large = original.astype(np.float32, order="C")
        if scale == 1:
            target = shrunk(large, factor, "bicubic", crop) if factor > 1 else large[MARGIN:-MARGIN, MARGIN:-MARGIN]
            target = np.clip(np.round(target), 0, 255)
            small = target
        else:
            kernel = "bicubic" if clean or rng.random() < 0.6 else rng.choice(["lanczos", "area", "triangle"])
            if drawn and rng.random() < 0.5:
                kernel = "area"  # the one kernel that leaves an edge between two pixels without an overshoot
            blurs = (0.0, 0.0) if clean or rng.random() > self.data.blur_share else rng.uniform(0.3, self.data.blur, 2)
            small = shrunk(large, factor, kernel, crop, blurs, not clean and rng.random() < 0.125)
            target = original[MARGIN * scale : -MARGIN * scale, MARGIN * scale : -MARGIN * scale]
        strength = right = 0.0
        if clean:
            pixels = np.clip(np.round(small), 0, 255)
            if rng.random() < self.data.clean_at_strength:
                strength = float(rng.uniform(0, 1))
        else:
            pixels, right = damaged(small, rng, self.data.heavy)
            strength = drifted(right, rng, self.data)
        # Whoever asks for more than a photo needs wants it smoother.
        excess = strength - right - 0.1
        if self.data.smoothing > 0 and excess > 0:
            target = without_faint_detail(target, excess * self.data.smoothing, scale)
        return pixels, strength, target

    def sky(self, rng):
        """A smooth run of colours, mostly damaged, with the right strength or more: no damage shall be left, and no
        strength shall move a colour."""
        scale, margin = self.scale, MARGIN * self.scale
        large = smooth(rng, (self.data.crop + 2 * MARGIN) * scale)
        target = np.round(large[margin:-margin, margin:-margin])
        small = shrunk(large, scale, "area", self.data.crop) if scale > 1 else target
        if rng.random() < 0.25:
            return np.round(small), float(rng.uniform(0, 1)), target
        pixels, right = damaged(small, rng, self.data.heavy)
        return pixels, float(rng.uniform(right, 1)), target


def random_part(photo, side, rng):
    top = int(rng.integers(photo.shape[0] - side + 1))
    left = int(rng.integers(photo.shape[1] - side + 1))
    return photo[top : top + side, left : left + side]


def fineness(picture):
    """Mean step from one pixel to the next, of every second row and column."""
    green = picture[::2, ::2, 1].astype(np.int16)
    return float(np.abs(np.diff(green, axis=0)).mean() + np.abs(np.diff(green, axis=1)).mean())


def retoned(picture, rng):
    """Other colours of the same photo: its channels in any order, its contrast lower, its brightness anywhere. Half of the
    time each channel for itself: in photos edges are alike in all three, and a network that never sees others paints a
    colour's edges into a channel that has hardly any there."""
    contrasts = rng.uniform(0.5, 1) * (np.ones(3) if rng.random() < 0.5 else rng.uniform(0, 1, 3) ** 2)
    return np.stack([dulled(picture[..., c], contrast, rng) for c, contrast in zip(rng.permutation(3), contrasts)], -1)


def dulled(channel, contrast, rng):
    curve = np.round(contrast * np.arange(256) + rng.uniform(0, 255 * (1 - contrast))).astype(np.uint8)
    return curve[channel]


def without_faint_detail(picture, deviation, radius):
    """Codes [h, w, 3], with what differs from the mean of its surroundings by less than about `deviation` codes taken
    out, and edges kept (Lee's filter, IEEE PAMI-2, 1980): detail counts by var / (var + deviation²)."""
    values = picture.astype(np.float32)
    mean = box_mean(values, radius)
    variance = np.maximum(box_mean(values**2, radius) - mean**2, 0)
    return np.clip(np.round(mean + (values - mean) * variance / (variance + deviation**2)), 0, 255)


def box_mean(values, radius):
    """Mean over a square of side 2·radius + 1, of [h, w, c], the edges repeated."""
    side = 2 * radius + 1
    for axis in (0, 1):
        pad = [(0, 0)] * 3
        pad[axis] = (radius + 1, radius)
        sums = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis, dtype=np.float64)
        last, first = (np.take(sums, np.arange(values.shape[axis]) + start, axis) for start in (side, 0))
        values = (last - first) / side
    return values.astype(np.float32)


def drifted(strength, rng, data):
    """The user's strength need not be the right one: most samples are near it, some anywhere."""
    if rng.random() < data.any_strength:
        return float(rng.uniform(0.15, 1))
    return float(np.clip(strength + rng.normal(0, data.drift), 0.02, 1))


def shrunk(large, factor, kernel, crop, blurs=(0.0, 0.0), linear=False):
    rows = columns = shrink_matrix(kernel, factor, crop, MARGIN)
    if blurs[0] > 0:
        rows = rows @ blur_matrix(rows.shape[1], float(blurs[0]) * factor)
        columns = columns @ blur_matrix(columns.shape[1], float(blurs[1]) * factor)
    if not linear:
        return apply_both(rows, large, columns)
    return 255 * np.clip(apply_both(rows, (large / 255) ** 2.2, columns), 0, 1) ** (1 / 2.2)


def turned(pixels, which):
    if which & 1:
        pixels = pixels[:, ::-1]
    if which & 2:
        pixels = pixels[::-1]
    return pixels.transpose(1, 0, 2) if which & 4 else pixels


def stack(pairs):
    """[(pixels, strength, target)], pixels and targets whole codes 0..255 → (uint8 [n, h, w, 3], float32 [n], uint8
    [n, H, W, 3]): what travels between processes and to a GPU is small."""
    pixels, strengths, targets = zip(*pairs)
    pixels, targets = (torch.from_numpy(np.stack(pictures).astype(np.uint8)) for pictures in (pixels, targets))
    return pixels, torch.tensor(strengths, dtype=torch.float32), targets


def as_tensors(packed, device="cpu"):
    """→ input float32 [n, 4, h, w] (RGB 0..1, strength), target float32 [n, 3, H, W]."""
    pixels, strengths, targets = (part.to(device, non_blocking=True) for part in packed)
    plane = strengths.view(-1, 1, 1, 1).expand(-1, 1, *pixels.shape[1:3])
    return torch.cat([as_planes(pixels), plane], 1), as_planes(targets)


def as_planes(codes):
    return codes.permute(0, 3, 1, 2).float().div(255).contiguous()
