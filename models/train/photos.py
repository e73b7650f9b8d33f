"""Training photos from a folder: what cannot be trusted is left out and said, and the rest is listed with hashes."""

import hashlib
import io
import os
import re
import sys

import numpy as np
from PIL import Image, ImageCms, ImageOps

SUFFIXES = {".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp"}


class Photos:
    """`train` and `held_out`: lists of uint8 [height, width, 3] sRGB pictures; `facts` goes into the card, and `listing`,
    whose hash is in the facts, names every photo as `sha256sum -c` reads it."""

    def __init__(self, folder, smallest_side):
        names = sorted(n for n in os.listdir(folder) if os.path.splitext(n)[1].lower() in SUFFIXES)
        lines, self.train, self.held_out, refused = [], [], [], 0
        self.held_out_names = []
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            try:
                pixels = read_photo(data)
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
                print(f"left out {name}: {error}", file=sys.stderr)
                refused += 1
                continue
            if min(pixels.shape[:2]) < smallest_side:
                print(f"left out {name}: smaller than {smallest_side} pixels", file=sys.stderr)
                refused += 1
                continue
            lines.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
            if is_held_out(name):
                self.held_out.append(pixels)
                self.held_out_names.append(name)
            else:
                self.train.append(pixels)
        if not self.train or not self.held_out:
            raise SystemExit(f"{folder} has too few photos of at least {smallest_side} pixels: put more there.")
        megapixels = sum(p.shape[0] * p.shape[1] for p in self.train + self.held_out) / 1e6
        self.listing = "".join(lines)
        self.facts = {
            "photos": len(self.train) + len(self.held_out),
            "heldOut": len(self.held_out),
            "leftOut": refused,
            "megapixels": round(megapixels, 1),
            "sha256": hashlib.sha256(self.listing.encode()).hexdigest(),
        }


def is_held_out(name):
    """One photo in sixteen, chosen by its name; tiles of one photo (…_0, …_1) stay together."""
    stem = re.sub(r"_\d$", "", os.path.splitext(name)[0])
    return hashlib.sha256(stem.encode()).digest()[0] % 16 == 0


def read_photo(data):
    """uint8 [height, width, 3] in sRGB, upright. Raises ValueError for what would teach wrong pixels."""
    image = Image.open(io.BytesIO(data))
    image.load()
    if getattr(image, "n_frames", 1) > 1:
        raise ValueError("it moves")
    image = ImageOps.exif_transpose(image)
    if image.mode in ("P", "PA", "LA", "RGBA", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema()[0] < 255:
            raise ValueError("parts of it are transparent")
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I") or image.mode == "F":
        wide = np.asarray(image, dtype=np.float64)
        if wide.min() < 0 or wide.max() > 65535:
            raise ValueError("samples are outside 16 bits")
        return np.repeat(np.round(wide / 257).astype(np.uint8)[..., None], 3, axis=2)
    if image.mode == "CMYK" and not profile:
        raise ValueError("CMYK without a profile has no known colours")
    if profile and image.mode in ("RGB", "CMYK"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return np.asarray(image.convert("RGB"))
