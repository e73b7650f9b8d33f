"""The plain network and the branches it is trained with.

Inference is a chain of 3×3 convolutions with ReLU at the small picture's size, plus one learnt 5×5 upsampling of
the input, summed and shuffled to the large size: operators that stay int8 and that every device computes right.
While training, each body kernel is the sum of branches (as in ECBSR, SPAN and SESR) that are folded into one 3×3
kernel *before* the convolution, so that branches cost nothing but the folding.
"""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from downscale import cubic

PLANES = 4  # red, green, blue, strength


class BranchedKernel(nn.Module):
    """kernel = K + P at the centre + (3×3 after 1×1). `kernel()` float32 [out, in, 3, 3]."""

    def __init__(self, wide_in, wide_out, branches):
        super().__init__()
        self.plain = nn.Parameter(torch.empty(wide_out, wide_in, 3, 3))
        nn.init.kaiming_normal_(self.plain)
        # Begins as a layer that passes on what it gets, and a little else: a deep chain of noise learns late.
        with torch.no_grad():
            self.plain.mul_(0.2).add_(nn.init.dirac_(torch.empty_like(self.plain)))
        self.bias = nn.Parameter(torch.zeros(wide_out))
        self.branches = branches
        if branches:
            self.point = nn.Parameter(torch.zeros(wide_out, wide_in))
            self.widen = nn.Parameter(torch.randn(2 * wide_in, wide_in) / wide_in**0.5)
            self.narrow = nn.Parameter(torch.zeros(wide_out, 2 * wide_in, 3, 3))

    def kernel(self):
        if not self.branches:
            return self.plain
        out = self.plain + torch.einsum("omhw,mi->oihw", self.narrow, self.widen)
        return out + F.pad(self.point[..., None, None], (1, 1, 1, 1))


class PlainNetwork(nn.Module):
    """`forward`: float32 [n, 4, h, w] (RGB 0..1, strength) → float32 [n, 3, h·scale, w·scale], not clamped.

    `stride` 2 makes the body work at half size (scale 1 only; h and w even).
    """

    def __init__(self, scale, channels, depth, stride=1, branches=True, ensemble=1):
        super().__init__()
        self.scale, self.channels, self.depth, self.stride, self.ensemble = scale, channels, depth, stride, ensemble
        head = 3 if stride == 1 else 4
        self.head = nn.Conv2d(PLANES, channels, head, stride, 1)
        nn.init.kaiming_normal_(self.head.weight)
        nn.init.zeros_(self.head.bias)
        self.body = nn.ModuleList(BranchedKernel(channels, channels, branches) for _ in range(depth))
        self.tail = nn.Conv2d(channels, 3 * (scale * stride) ** 2, 3, 1, 1)
        nn.init.normal_(self.tail.weight, std=1e-3)
        nn.init.zeros_(self.tail.bias)
        if scale > 1:
            self.skip = nn.Conv2d(PLANES, 3 * scale**2, 5, 1, 2, bias=False)
            # The strength must not colour the picture: its plane has no weight in the upsampling.
            self.register_buffer("skip_mask", torch.tensor([1.0, 1.0, 1.0, 0.0]).view(1, PLANES, 1, 1), persistent=False)
            with torch.no_grad():
                self.skip.weight.copy_(bicubic_upsampling(scale))

    def forward(self, x, half=False, integers=False):
        """`half` computes the body in bfloat16, which a processor with AVX512-BF16 does at twice the speed and one with AMX
        at four times. `integers` rounds kernels and what lies between layers as the 8-bit file does, for training that is to
        take it into account."""
        x = x.contiguous(memory_format=torch.channels_last)  # what matrix units read
        with lowered(x, half):
            for h in self.planes(x, integers):
                pass
        kernel = rounded_kernel(self.tail.weight) if integers else self.tail.weight
        tail = F.conv2d(h.float(), kernel, self.tail.bias, padding=1)
        residual = F.pixel_shuffle(tail, self.scale * self.stride)
        if self.scale == 1:
            return x[:, :3] + residual
        weight = self.skip.weight * self.skip_mask
        return F.pixel_shuffle(F.conv2d(x, weight, padding=2), self.scale) + residual

    def picture(self, x):
        """What the shipped network makes of x: with `ensemble` 2 the mean of `forward` for the picture as it is and for
        the picture turned on its side (geometric self-ensemble; Lim et al., EDSR, arXiv 1707.02921, section 3.3)."""
        upright = self(x)
        return upright if self.ensemble == 1 else (upright + self(x.transpose(2, 3)).transpose(2, 3)) / 2

    def planes(self, x, integers=False):
        """What the head and then each body layer make of x, behind their ReLU: [n, channels, …] one after the other."""
        round_kernel, round_plane = (rounded_kernel, in_steps) if integers else (nothing, nothing)
        h = round_plane(F.relu(F.conv2d(x, round_kernel(self.head.weight), self.head.bias, self.stride, 1)))
        yield h
        for layer in self.body:
            h = round_plane(F.relu(F.conv2d(h, round_kernel(layer.kernel()), layer.bias, padding=1)))
            yield h

    @torch.no_grad()
    def silent_channels(self, x, share=1e-5):
        """For the head and each body layer bool [channels]: above 0 in no more than `share` of the places of the batch."""
        return [(h > 0).float().mean((0, 2, 3)) <= share for h in self.planes(x)]

    @torch.no_grad()
    def revive(self, x, seed):
        """Gives channels that are silent on the batch new kernels, at first without a say behind them, so that the
        picture stays the same. A ReLU that is never above 0 gets no gradient and would stay silent for good (Sokar et
        al., arXiv 2302.12902). → how many there were. Kernels with branches are left alone."""
        if self.body[0].branches:
            return 0
        chance = torch.Generator().manual_seed(seed)
        behind = [*(layer.plain for layer in self.body), self.tail.weight]
        ahead = [(self.head.weight, self.head.bias), *((layer.plain, layer.bias) for layer in self.body)]
        count = 0
        for silent, (kernel, bias), reader in zip(self.silent_channels(x), ahead, behind):
            places = silent.nonzero().flatten()
            fresh = torch.randn((len(places), *kernel.shape[1:]), generator=chance) * (2 / kernel[0].numel()) ** 0.5
            kernel[places] = fresh.to(kernel.device)
            bias[places] = 0
            reader[:, places] = 0
            count += len(places)
        return count

    def folded(self):
        """Name → float32 tensor of the network that is shipped."""
        tensors = self.folded_parameters()
        for i, layer in enumerate(self.body):
            tensors[f"body.{i}.weight"] = layer.kernel()
        if self.scale > 1:
            tensors["skip.weight"] = self.skip.weight * self.skip_mask
        return {name: tensor.detach().float().cpu().clone() for name, tensor in tensors.items()}

    def folded_parameters(self):
        """Name, as in `folded`, → the parameter itself; of a body layer the plain kernel, without its branches."""
        found = {"head.weight": self.head.weight, "head.bias": self.head.bias}
        for i, layer in enumerate(self.body):
            found[f"body.{i}.weight"], found[f"body.{i}.bias"] = layer.plain, layer.bias
        found["tail.weight"], found["tail.bias"] = self.tail.weight, self.tail.bias
        if self.scale > 1:
            found["skip.weight"] = self.skip.weight
        return found

    def facts(self):
        return {
            "kind": "plain",
            "scale": self.scale,
            "stride": self.stride,
            "channels": self.channels,
            "depth": self.depth,
            "ensemble": self.ensemble,
            "planes": ["r", "g", "b", "strength"],
            "strength": True,
        }

    @torch.no_grad()
    def grow_from(self, tensors):
        """Starts from a smaller or equal folded network of the same stride without changing what its body computes:
        new channels begin with no say in the old ones, new layers as the identity, which ReLU lets through."""
        old_depth = depth_of(tensors)
        old_wide = tensors["head.bias"].shape[0]
        if old_depth > self.depth or old_wide > self.channels:
            raise SystemExit("The network to start from is larger than the one to train.")
        if tensors["head.weight"].shape[2:] == self.head.weight.shape[2:]:
            self.head.weight[:old_wide] = tensors["head.weight"]
            self.head.bias[:old_wide] = tensors["head.bias"]
        for i, layer in enumerate(self.body):
            if layer.branches:
                layer.point.zero_(), layer.narrow.zero_()
            kernel = layer.plain * 0.3
            kernel[:old_wide] = 0
            if i < old_depth:
                kernel[:old_wide, :old_wide] = tensors[f"body.{i}.weight"]
                layer.bias[:old_wide] = tensors[f"body.{i}.bias"]
            else:
                kernel[:old_wide, :old_wide] = 0
                kernel[range(old_wide), range(old_wide), 1, 1] = 1
                layer.bias[:old_wide] = 0
            layer.plain.copy_(kernel)
        self.tail.weight[:, old_wide:] = 0
        if tensors["tail.weight"].shape[0] == self.tail.weight.shape[0]:
            self.tail.weight[:, :old_wide] = tensors["tail.weight"]
            self.tail.bias.copy_(tensors["tail.bias"])
            if self.scale > 1:
                self.skip.weight.copy_(tensors["skip.weight"])


def depth_of(tensors):
    """How many body layers a folded network has."""
    return sum(name.startswith("body.") and name.endswith(".weight") for name in tensors)


def without_layers(tensors, places):
    """A folded network without the body layers at `places`, counted from 0."""
    depth = depth_of(tensors)
    if any(place not in range(depth) for place in places):
        raise SystemExit(f"leave_out: the network to start from has body layers 0 to {depth - 1}.")
    kept = {name: tensor for name, tensor in tensors.items() if not name.startswith("body.")}
    for new, old in enumerate(place for place in range(depth) if place not in places):
        for part in ("weight", "bias"):
            kept[f"body.{new}.{part}"] = tensors[f"body.{old}.{part}"]
    return kept


def lowered(x, half):
    """In its scope convolutions on the device of x compute in bfloat16, if `half`."""
    return torch.autocast(x.device.type, dtype=torch.bfloat16, enabled=half, cache_enabled=False)


def nothing(tensor):
    return tensor


def in_steps(values, steps=255, dims=()):
    """Values rounded to whole steps, `steps` of them up to the largest magnitude, over all or over `dims`. The gradient
    passes as if nothing had been rounded (Bengio et al., arXiv 1308.3432)."""
    step = values.detach().abs().amax(dims, keepdim=True).clamp(min=1e-9) / steps
    return Stepped.apply(values, step)


class Stepped(torch.autograd.Function):
    """Three passes over a plane that is large, where the sum with what was rounded off takes five."""

    @staticmethod
    def forward(ctx, values, step):
        return (values / step).round_().mul_(step)

    @staticmethod
    def backward(ctx, gradient):
        return gradient, None


def rounded_kernel(kernel):
    """A kernel [out, …] in 63 steps up to the largest of each output channel, and as many below 0."""
    return in_steps(kernel, 63, (1, 2, 3))


@torch.no_grad()
def rounded(network):
    """A copy whose kernels are what `integers` makes of them; for kernels without branches."""
    result = copy.deepcopy(network)
    for kernel in (result.head.weight, *(layer.plain for layer in result.body), result.tail.weight):
        kernel.copy_(rounded_kernel(kernel))
    return result


@torch.no_grad()
def blended(network, start, share):
    """A copy of `network` on the straight way back to the folded weights `start` that it grew from: `share` 1 is the
    network itself, 0 computes what it began as. Network interpolation (Wang et al., ESRGAN, section 3.4). Channels
    that were new keep what they see, and have `share` of their say. Both must be plain, of one depth."""
    result = copy.deepcopy(network)
    old = start["head.bias"].shape[0]
    for name, ours in result.folded_parameters().items():
        theirs = start[name].to(ours.device)
        mine = ours[tuple(slice(size) for size in theirs.shape)]
        mine.copy_(theirs.lerp(mine, share))
        if ours.dim() == 4 and ours.shape[1] > theirs.shape[1]:
            ours[: theirs.shape[0], old:] *= share
    return result


def bicubic_upsampling(scale):
    """[3·scale², 4, 5, 5]: convolution that with pixel_shuffle is bicubic (Keys, a = −½) up to its 5×5 support."""
    weight = np.zeros((3 * scale**2, PLANES, 5, 5), np.float32)
    for phase in range(scale):
        offset = (phase + 0.5) / scale - 0.5
        line = cubic(np.arange(-2, 3) - offset)
        for other in range(scale):
            other_line = cubic(np.arange(-2, 3) - ((other + 0.5) / scale - 0.5))
            kernel = np.outer(line / line.sum(), other_line / other_line.sum())
            for colour in range(3):
                weight[colour * scale**2 + phase * scale + other, colour] = kernel
    return torch.from_numpy(weight)
