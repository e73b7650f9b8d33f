"""Training with the rounding of 8-bit values in the loop, so that a network learns to live with it."""

import torch

STEPS = 255


def rounded(values, low, high):
    """What 8 bits between `low` ≤ 0 and `high` keep of values; gradients pass as if nothing were rounded, and end
    where values are cut off (straight-through estimator, Bengio et al., arXiv 1308.3432)."""
    step = (high - low) / STEPS
    inside = values.clamp(low, high)
    return inside + ((inside / step).round() * step - inside).detach()


@torch.no_grad()
def best_range(values, low_too):
    """(low, high) with the least squared error of rounding among 13 parts, 1 to 0.4, of what the values reach."""
    values = values.flatten().float()
    values = values[:: max(values.numel() // 1_000_000, 1)]
    low, high = float(values.min()) if low_too else 0.0, float(values.max())
    ranges = [(low * part / 20, high * part / 20) for part in range(20, 7, -1)]
    return min(ranges, key=lambda one: float((rounded(values, *one) - values).square().mean()))


def measure_ranges(network, x):
    """Name of a value, as in the export, → its range over the inputs `x`."""
    return noted(network, x, lambda name, values: best_range(values, low_too=name.endswith(".conv")))


@torch.no_grad()
def equalize(network, x, share=0.5):
    """Other scales inside, the same function: one 8-bit range serves all channels of a value, so a quiet channel gets
    few of its steps. Each is made louder, by `share` of the way to the loudest in decibels, and the next layer listens
    less to it; ReLU lets positive factors through (Nagel et al., arXiv 1906.04721, with measured values in place of
    weights). For networks without branches."""
    largest = noted(network, x, lambda _, values: values.amax((0, 2, 3)))
    parameters = network.folded_parameters()
    layers = ["head", *(f"body.{i}" for i in range(network.depth)), "tail"]
    for layer, following in zip(layers, layers[1:]):
        loudness = largest[layer].clamp(min=1e-6)
        factors = ((loudness.max() / loudness) ** share).clamp(max=32)
        parameters[layer + ".weight"] *= factors.view(-1, 1, 1, 1)
        parameters[layer + ".bias"] *= factors
        parameters[following + ".weight"] /= factors.view(1, -1, 1, 1)


@torch.no_grad()
def noted(network, x, note):
    """Name of a value inside → what `note(name, values)` says of it."""
    found = {}

    def listen(name, values):
        found[name] = note(name, values)
        return values

    network.rounding = listen
    network(x)
    network.rounding = None
    return found
