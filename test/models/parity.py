"""What PyTorch makes of a shipped network: python3 parity.py <network> <integers> <pictures> <results>, all safetensors files.

<network>    the model's network.safetensors
<integers>   what its int8 file holds, by layer: `integers`, `scales`, the biases in accumulator steps as `bias.high` · 65536 +
             `bias.low`, and `steps` (scale and zero point of what follows the layer); `input.steps`. A tail that is kept in
             float has `weight` and `bias` instead.
<pictures>   `x` [n, 4, h, w]
<results>    written: `float` and `int8` [n, 3, h·scale, w·scale], not clamped
"""

import json
import os
import sys

import torch
from torch.nn import functional as F

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "models", "train"))
from tensors_file import load_tensors, save_tensors  # noqa: E402


def finished(t, x, weights, facts):
    if facts["scale"] == 1:
        return x[:, :3] + F.pixel_shuffle(t, facts["stride"])
    return F.pixel_shuffle(t + F.conv2d(x, weights["skip.weight"], padding=2), facts["scale"])


def float_picture(x, weights, facts):
    """The network as models/train/README.md and models/export describe it."""
    if facts.get("ensemble", 1) == 2:
        one = {**facts, "ensemble": 1}
        return (float_picture(x, weights, one) + turned(float_picture(turned(x), weights, one))) / 2
    h = F.relu(F.conv2d(x, weights["head.weight"], weights["head.bias"], facts["stride"], 1))
    for i in range(facts["depth"]):
        h = F.relu(F.conv2d(h, weights[f"body.{i}.weight"], weights[f"body.{i}.bias"], padding=1))
    return finished(F.conv2d(h, weights["tail.weight"], weights["tail.bias"], padding=1), x, weights, facts)


def turned(x):
    return x.transpose(2, 3)


def codes_of(values, zero):
    """torch.round takes halves to the even side, as ONNX demands."""
    return (torch.round(values) + zero).clamp(0, 255)


def int8_picture(x, weights, facts, stored):
    """Exact integer sums (float64 holds them), then one float32 factor per channel, as QLinearConv computes."""
    chains = ["", "turned."] if facts.get("ensemble", 1) == 2 else [""]
    return finished(sum(int8_correction(x, facts, stored, chain) for chain in chains), x, mean_skip(weights, facts), facts)


def mean_skip(weights, facts):
    """With two chains the picture is enlarged by the mean of the kernel and the turned one, whose phases turn as well."""
    if facts.get("ensemble", 1) == 1 or facts["scale"] == 1:
        return weights
    kernel, scale = weights["skip.weight"], facts["scale"]
    phases = kernel.view(3, scale, scale, *kernel.shape[1:]).transpose(1, 2).reshape(kernel.shape)
    return {**weights, "skip.weight": (kernel + turned(phases)) / 2}


def int8_correction(x, facts, stored, chain):
    scale, zero = stored["input.steps"]
    codes = codes_of(x / scale, zero)
    for layer in ["head", *(f"body.{i}" for i in range(facts["depth"])), "tail"]:
        name = chain + layer
        if name + ".integers" not in stored:
            h = (codes - zero) * scale
            return F.conv2d(h, stored[name + ".weight"], stored[name + ".bias"], padding=1)
        stride = facts["stride"] if layer == "head" else 1
        bias = stored[name + ".bias.high"].double() * 65536 + stored[name + ".bias.low"].double()
        sums = F.conv2d((codes - zero).double(), stored[name + ".integers"].double(), bias, stride, 1)
        after, zero_after = stored[name + ".steps"]
        factor = (scale * stored[name + ".scales"]) / after
        # The clamp at a zero point of 0 is the ReLU.
        codes = codes_of(sums.float() * factor.view(1, -1, 1, 1), zero_after)
        scale, zero = after, zero_after
    return (codes - zero) * scale


def main(network, integers, pictures, results):
    weights, metadata = load_tensors(network)
    facts = json.loads(metadata["network"])
    if facts.get("residual", 0):
        raise SystemExit("This comparison does not know residual steps.")
    x = load_tensors(pictures)[0]["x"]
    stored = load_tensors(integers)[0]
    with torch.no_grad():
        made = {"float": float_picture(x, weights, facts), "int8": int8_picture(x, weights, facts, stored)}
    save_tensors(results, made, {})


main(*sys.argv[1:])
