"""Training for fidelity: the enlarged picture shall equal the photo, pixel by pixel."""

import copy
import functools
import json
import os

import torch
from torch.nn import functional as F

from feed import Feed
from muon import Muon
from network import PlainNetwork, blended, nothing, rounded, without_layers
from recorded import Recorded
from samples import Sampler
from soap import Soap
from tensors_file import load_tensors

LUMA = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
MODELS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Fidelity:
    """`step(n)` learns from batch n; `average` is the exponential mean of the weights, which is what is kept."""

    def __init__(self, recipe, photos, device, workers=0):
        shape, self.plan, self.device = recipe.network, recipe.training, device
        self.network = PlainNetwork(shape.scale, shape.channels, shape.depth, shape.stride, shape.branches, shape.ensemble)
        self.earlier = []  # trainings of the network this one grew from, the oldest first
        self.start = None  # its weights
        if shape.start:
            tensors, metadata = load_tensors(os.path.join(MODELS, shape.start, "network.safetensors"))
            tensors = without_layers(tensors, shape.leave_out)
            self.network.grow_from(tensors)
            self.start = tensors
            self.earlier = trainings(metadata)
        self.network.to(device)
        self.average = copy.deepcopy(self.network).requires_grad_(False)
        self.feed = Feed(Sampler(photos, shape.scale, recipe.data, self.plan.seed), device, workers)
        self.optimisers = self.make_optimisers()
        self.hold_rates()
        # SOAP turns its basis at some steps and not at others.
        self.update = Recorded(self.learn, device, possible=self.plan.optimiser != "soap")
        self.smooth_loss = None
        self.revived = 0  # channels, since this sitting began

    def result(self):
        """The network that is kept: of this training as much as the recipe's share says."""
        finish = rounded if self.plan.integers else nothing
        kept = finish(self.average)
        if self.start is None or self.plan.share == 1:
            return kept
        # What learnt to be integers is good as those, and not as what lies behind them.
        return finish(blended(kept, self.start, self.plan.share))

    def make_optimisers(self):
        return make_optimisers(self.network, self.plan)

    def step(self, n):
        self.set_rates(n)
        x, y = self.feed.batch(n)
        (loss,) = self.update(x, y)
        self.follow(n, loss)
        # What is revived late has no time to learn.
        if (n + 1) % self.plan.revive_every == 0 and rate_at(n, self.plan) > 0.3:
            self.revived += self.network.revive(x, self.plan.seed + n)

    def learn(self, x, y):
        output = self.network(x, half=self.plan.half, integers=self.plan.integers)
        if self.plan.decibels:
            loss = log_error(output, y)
            if self.plan.flat > 0:
                loss = loss + self.plan.flat * unevenness(output, y, tolerance=1.5 / 255)
        else:
            loss = charbonnier(output - y, self.plan.charbonnier) + block_drift(output, y)
        descend(loss, self.optimisers)
        return (loss.detach(),)

    def hold_rates(self):
        """On a GPU a rate is a tensor, so that a recorded step sees it change. A checkpoint may come from either."""
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                full = group.setdefault("full_rate", float(group["lr"]))
                if "capturable" in group:
                    group["capturable"] = not self.on_processor()
                group["lr"] = full if self.on_processor() else torch.tensor(full, device=self.device)

    def set_rates(self, n):
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                rate = group["full_rate"] * rate_at(n, self.plan)
                if self.on_processor():
                    group["lr"] = rate
                else:
                    group["lr"].fill_(rate)

    def on_processor(self):
        return torch.device(self.device).type == "cpu"

    @torch.no_grad()
    def follow(self, n, loss):
        """Moves the averaged weights and the smoothed loss one step on."""
        keep = min(self.plan.average, (n + 1) / (n + 10))
        means, now = list(self.average.parameters()), list(self.network.parameters())
        torch._foreach_mul_(means, keep)
        torch._foreach_add_(means, now, alpha=1 - keep)
        self.smooth_loss = loss.clone() if self.smooth_loss is None else self.smooth_loss.lerp(loss, 0.01)

    @property
    def loss(self):
        """Smoothed over about a hundred steps. Reading it waits for the GPU."""
        return 0.0 if self.smooth_loss is None else float(self.smooth_loss)

    def state(self):
        return {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimisers": [o.state_dict() for o in self.optimisers],
            "loss": self.smooth_loss,
            "earlier": self.earlier,
            "start": self.start,
        }

    def load(self, state):
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        for optimiser, saved in zip(self.optimisers, state["optimisers"]):
            optimiser.load_state_dict(saved)
        self.hold_rates()
        self.smooth_loss = state["loss"]
        if self.smooth_loss is not None:
            self.smooth_loss = self.smooth_loss.to(self.device)
        self.earlier = state["earlier"]
        self.start = state.get("start", self.start)


def charbonnier(difference, foot):
    """Mean of |d| with a round foot of the given width."""
    return (difference.square() + foot**2).sqrt().mean()


def block_drift(output, target, side=16):
    """Mean difference of the means of blocks: pixels may err, the colour of an area may not drift."""
    return (F.avg_pool2d(output, side) - F.avg_pool2d(target, side)).abs().mean()


def as_shown(output):
    """Values cut to 0..1, as the picture will have them; the gradient passes as if they were not cut, so what is cut is
    pulled back where the target lies inside, and left alone where it is 0 or 1."""
    return output + (output.clamp(0, 1) - output).detach()


def colour_drift(output, shown, target):
    """Drift before and behind the cut to what can be shown, half and half. What overshoots beside white letters is cut
    off and what undershoots is not, which darkens a block that was level before the cut. But if nothing held the values
    before the cut, white and black would be pushed far beyond 0 and 1, and colours near them along with them."""
    return (block_drift(output, target) + block_drift(shown, target)) / 2


def unevenness(output, target, side=5, tolerance=0.5 / 255):
    """Mean error where the photo has one colour, within `tolerance`, over `side` × `side` pixels (drawings do, and
    overexposed skies, and what `without_faint_detail` left)."""
    highest, lowest = spread(target, side, torch.maximum), spread(target, side, torch.minimum)
    flat = (highest - lowest).amax(1, keepdim=True) < tolerance
    return (flat * (output - target).abs()).mean()


def spread(pictures, side, choose):
    """The largest (`torch.maximum`) or smallest value within `side` × `side` pixels (odd), fewer at the border. One shift
    after the other, which a processor does ten times as fast as `max_pool2d`."""
    reach = side // 2
    padded = F.pad(pictures, (reach, reach, reach, reach), mode="replicate")
    for axis in (2, 3):
        padded = functools.reduce(choose, (padded.narrow(axis, shift, pictures.shape[axis]) for shift in range(side)))
    return padded


def log_error(output, target, floor=0.3 / 255):
    """Mean over samples of the logarithm of the error (0.115 of it are a decibel of PSNR), seven tenths of it in BT.601
    luma and a tenth in each channel: a photo that is nearly right counts as much as one that is not, and so does a
    channel: where two have an edge that the third has not, a fringe in the third is all of its error. Drift of colours
    counts as it is, in hundredths: hard pictures are those that drift. The error is that of values as shown."""
    shown = as_shown(output)
    difference = shown - target
    luma = (difference * LUMA.to(difference.device)).sum(1)
    error = 0.7 * log_deviation(luma, floor).mean() + 0.3 * log_deviation(difference, floor).mean()
    return error + 100 * colour_drift(output, shown, target)


def log_deviation(difference, floor):
    """Logarithm of the root of the mean square over the last two axes."""
    return (difference.square().mean((-2, -1)) + floor**2).log() / 2


def trainings(metadata):
    """Metadata of a network file → what was trained until it was written: [{id, steps, minutes}], the oldest first."""
    facts = json.loads(metadata["training"])
    return [*facts.get("earlier", []), {"id": facts["id"], "steps": facts["steps"], "minutes": facts["minutes"]}]


def rate_at(n, plan):
    """Share of the full rate: a linear rise, a plateau, and a fall to zero as 1 − √progress (Hägele et al.,
    arXiv 2405.18392), which may begin at any step: the end of a run can be chosen while it runs."""
    rise = min(1.0, (n + 1) / max(plan.warm_up, 1))
    fall_from = plan.steps * (1 - plan.decay_share)
    progress = min(max((n - fall_from) / max(plan.steps - fall_from, 1), 0), 1)
    return rise * (1 - progress**0.5)


def descend(loss, optimisers):
    for optimiser in optimisers:
        optimiser.zero_grad(set_to_none=True)
    loss.backward()
    for optimiser in optimisers:
        optimiser.step()


def adam(params, rate, betas=(0.9, 0.99)):
    params = list(params)
    return torch.optim.Adam(params, rate, betas=betas, capturable=params[0].is_cuda)


def make_optimisers(network, plan):
    kernels = [layer.plain for layer in network.body]
    others = [p for p in network.parameters() if all(p is not k for k in kernels)]
    if plan.optimiser == "muon":
        return [Muon(kernels, plan.rate), adam(others, plan.other_rate)]
    if plan.optimiser == "soap":
        return [Soap(kernels, plan.rate), adam(others, plan.other_rate)]
    if plan.optimiser == "adam":
        return [adam([*kernels, *others], plan.other_rate)]
    raise SystemExit(f"There is no optimiser {plan.optimiser}; choose muon, soap or adam.")
