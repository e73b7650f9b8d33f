"""PSNR on held-out crops, clean and damaged, the same for every run of a recipe's scale."""

import numpy as np
import torch

from damage import jpeg, jpeg_sigma, strength_of
from drawings import drawings
from samples import MARGIN, as_tensors, shrunk, stack

CASES = ("clean", "jpeg50", "jpeg75", "noise10")


def held_out_batches(photos, scale, side, most=24):
    """case → (input, target): one centred crop per held-out photo, `side` small pixels wide, strength as it should be.

    Clean is at strength 0. For scale 1, clean pictures are shrunk by two first.
    """
    pairs = {case: [] for case in CASES}
    factor = max(scale, 2)
    for index, photo in enumerate(photos[:most]):
        span = (side + 2 * MARGIN) * factor
        if min(photo.shape[:2]) < span:
            continue
        top, left = ((size - span) // 2 for size in photo.shape[:2])
        large = photo[top : top + span, left : left + span].astype(np.float32)
        small = shrunk(large, factor, "bicubic", side)
        clean = np.clip(np.round(small), 0, 255)
        inner = MARGIN * factor
        target = clean if scale == 1 else large[inner:-inner, inner:-inner]
        rng = np.random.default_rng([7, index])
        noisy = np.clip(np.round(clean + rng.normal(0, 10, clean.shape)), 0, 255)
        pairs["clean"].append((clean, 0.0, target))
        for quality in (50, 75):
            pixels = jpeg(clean.astype(np.uint8), quality, 2)
            pairs[f"jpeg{quality}"].append((pixels, strength_of(jpeg_sigma(quality)), target))
        pairs["noise10"].append((noisy, strength_of(10), target))
    return {case: as_tensors(stack(rows)) for case, rows in pairs.items()}


def calibration_crops(batches, scale, side, drawn=6):
    """→ (input, target): a quarter of the held-out crops, and drawings. Letters and hard edges reach values that photos
    do not, and ranges that cut them off cost screenshots and signs dearly."""
    span = (side + 2 * MARGIN) * max(scale, 2)
    inner = MARGIN * max(scale, 2)
    pairs = []
    for index, picture in enumerate(drawings(drawn, span, seed=1_000_003)):
        large = picture.astype(np.float32)
        small = np.clip(np.round(shrunk(large, max(scale, 2), "bicubic", side)), 0, 255)
        pairs.append((small, 0.3 * (index % 2), small if scale == 1 else large[inner:-inner, inner:-inner]))
    parts = [*((x[::4], y[::4]) for x, y in batches.values()), as_tensors(stack(pairs))]
    return torch.cat([x for x, _ in parts]), torch.cat([y for _, y in parts])


@torch.no_grad()
def psnr_of(network, batches, scale):
    """case → mean over crops of PSNR in dB of BT.601 luma in 8 bits, border of `scale` pixels left out."""
    return {case: float(np.mean(luma_psnr(in_parts(network, x), y, scale))) for case, (x, y) in batches.items()}


def in_parts(network, x, size=4):
    """The network's result in full float32, wherever it is; on the processor."""
    device = next(network.parameters()).device
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
        return torch.cat([network.picture(part.to(device)).cpu() for part in x.split(size)])


def luma_psnr(output, target, border):
    weights = torch.tensor([65.481, 128.553, 24.966]).view(1, 3, 1, 1)
    luma = [(weights * (p.clamp(0, 1) * 255).round() / 255).sum(1)[:, border:-border, border:-border] for p in (output, target)]
    squared = (luma[0] - luma[1]).square().flatten(1).mean(1).double().numpy()
    return 10 * np.log10(255**2 / np.maximum(squared, 1e-6))
