"""The two networks that judge while a crisp network learns. Neither is shipped."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

TRAITS = 4  # strength, blur, noise share, JPEG share


class PatchDiscriminator(nn.Module):
    """[n, 3, h, w] → [n, 1, h/4, w/4]: how much like a photo each place looks. It sees about 30 pixels around it, no
    more, so that it judges texture and edges, not content."""

    def __init__(self, width):
        super().__init__()
        self.layers = nn.Sequential(
            spectral_norm(nn.Conv2d(3, width, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            spectral_norm(nn.Conv2d(width, 2 * width, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            spectral_norm(nn.Conv2d(2 * width, 2 * width, 3, 1, 1)),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 1, 3, 1, 1),
        )

    def forward(self, pictures):
        return self.layers(2 * pictures - 1)


class DamageReader(nn.Module):
    """Learns to tell what was done to a picture; what it looks at on the way (edges, ringing, blocks, grain) are
    the features in which the crisp network's result is compared with the photo."""

    def __init__(self, width):
        super().__init__()
        self.stages = nn.ModuleList(
            [nn.Conv2d(3, width, 3, 1, 1), nn.Conv2d(width, 2 * width, 4, 2, 1), nn.Conv2d(2 * width, 2 * width, 4, 2, 1)]
        )
        self.answer = nn.Linear(4 * width, TRAITS)

    def features(self, pictures):
        """Three tensors [n, c, h/2ᵏ, w/2ᵏ], before their ReLU."""
        h, found = 2 * pictures - 1, []
        for stage in self.stages:
            h = stage(h)
            found.append(h)
            h = F.relu(h)
        return found

    def forward(self, pictures):
        h = F.relu(self.features(pictures)[-1])
        return self.answer(torch.cat([h.mean((2, 3)), h.square().mean((2, 3)).sqrt()], 1))


def feature_distance(output, target, weight):
    """Mean absolute difference of the features [n, h, w, c] of two pictures, each channel in units of its deviation over the target;
    `weight` [n, 1, 1, 1] counts the pictures."""
    total = 0.0
    for ours, theirs in zip(output, target):
        theirs = theirs.detach()
        mean = theirs.mean((0, 1, 2))
        deviation = (theirs.square().mean((0, 1, 2)) - mean.square()).clamp(min=0).sqrt()
        distance = ((ours - theirs) / (deviation + 1e-3)).abs().mean((1, 2, 3), keepdim=True)
        total = total + (weight * distance).mean()
    return total / len(output)
