"""Shrinking pictures by matrices, as MATLAB's imresize does: the kernel is widened by the factor (antialiasing)."""

import functools

import numpy as np


def cubic(x, a=-0.5):
    """Keys' cubic (1981); a = -0.5 is MATLAB's bicubic, which the evaluation sets are shrunk with."""
    x = np.abs(x)
    near = (a + 2) * x**3 - (a + 3) * x**2 + 1
    far = a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a
    return np.where(x <= 1, near, np.where(x < 2, far, 0.0))


def lanczos3(x):
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0.0)


def box(x):
    return np.where(np.abs(x) <= 0.5, 1.0, 0.0)


def triangle(x):
    return np.clip(1 - np.abs(x), 0, None)


KERNELS = {"bicubic": cubic, "lanczos": lanczos3, "area": box, "triangle": triangle}


@functools.lru_cache(maxsize=64)
def shrink_matrix(kernel, factor, size_out, margin):
    """float32 [size_out, (size_out + 2·margin)·factor]: output i is centred on (i + margin + ½)·factor − ½.

    `margin` is in output pixels; what lies in it feeds the kernel, so that no edge is invented.
    """
    size_in = (size_out + 2 * margin) * factor
    centres = (np.arange(size_out) + margin + 0.5) * factor - 0.5
    distance = (np.arange(size_in)[None, :] - centres[:, None]) / factor
    weights = KERNELS[kernel](distance)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)


@functools.lru_cache(maxsize=64)
def blur_matrix(size, sigma):
    """float32 [size, size]: Gaussian of `sigma` pixels along one axis; rows sum to 1."""
    distance = np.arange(size)[None, :] - np.arange(size)[:, None]
    weights = np.exp(-0.5 * (distance / sigma) ** 2)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)


def apply_both(rows, picture, columns):
    """`rows` · picture · `columns`ᵀ for every channel of a [height, width, 3] picture."""
    down = across_first_axis(rows, picture)
    return across_first_axis(columns, down.swapaxes(0, 1)).swapaxes(0, 1)


def across_first_axis(matrix, picture):
    """One product for all columns and channels: many small ones, or einsum, take twice the time."""
    return (matrix @ picture.reshape(picture.shape[0], -1)).reshape(-1, *picture.shape[1:])
