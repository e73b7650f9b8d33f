"""Training for crispness: from a finished network for fidelity, with a discriminator and compared features.

Losses after SRGAN and ESRGAN's relativistic discriminator, with two changes: the adversarial loss counts only where
the result still looks less like a photo than the photo itself, so that areas out of focus stay soft, and the
features come from a network trained here (`DamageReader`).
"""

import functools

import numpy as np
import torch
from torch.nn import functional as F

from critics import DamageReader, PatchDiscriminator, feature_distance
from downscale import blur_matrix
from fidelity import Fidelity, adam, as_shown, charbonnier, colour_drift, descend, unevenness
from network import lowered


class Perceptual(Fidelity):
    def __init__(self, recipe, photos, device, workers=0):
        self.weights = recipe.perceptual
        super().__init__(recipe, photos, device, workers)
        self.scale = recipe.network.scale
        self.judge = PatchDiscriminator(self.weights.width).to(device)
        self.judge_optimiser = adam(self.judge.parameters(), 2 * self.weights.rate, betas=(0.5, 0.99))
        self.reader = DamageReader(self.weights.width).to(device)
        self.reader_trained = False

    def make_optimisers(self):
        return [adam(self.network.parameters(), self.weights.rate)]

    def step(self, n):
        if not self.reader_trained:
            self.train_reader()
        self.set_rates(n)
        loss, judges_loss = self.update(*self.feed.batch(n))
        self.follow(n, loss)
        if n % 100 == 0:
            print(f"\njudge's loss {float(judges_loss):.3f}", flush=True)

    def learn(self, x, y):
        # Who trusts the pixels wants them as they are.
        damaged = x[:, 3:, :1, :1] > 0
        wanted = sharpened(y, self.weights.sharpen * damaged)
        output = self.network(x, half=self.plan.half)
        real = self.judged(wanted)
        fake = self.judged(output)
        behind = F.relu(real.detach() - fake)
        say = torch.where(damaged, 1.0, self.weights.undamaged)
        loss = (
            self.weights.pixel * charbonnier(output - wanted, self.plan.charbonnier)
            + self.weights.feature * feature_distance(self.seen(output), self.seen(wanted), say)
            + self.weights.adversarial * (say * behind).mean()
            # Colour is not for the critics to change, and a flat area has no texture to look for.
            + self.weights.colour * colour_drift(output, as_shown(output), y)
            + self.weights.flat * unevenness(output, y)
        )
        descend(loss, self.optimisers)
        return loss.detach(), self.teach_judge(wanted, output.detach())

    def teach_judge(self, real, fake):
        verdict = self.judged(torch.cat([real, fake.clamp(0, 1)]))
        count = real.shape[0]
        loss = F.softplus(verdict[count:] - verdict[:count]).mean() + 1e-3 * verdict.square().mean()
        descend(loss, [self.judge_optimiser])
        return loss.detach()

    def judged(self, pictures):
        return self.criticised(self.judge, pictures).float()

    def seen(self, pictures):
        """Features [n, h, w, c]: as they lie in memory, which makes sums over them quick."""
        return [stage.float().permute(0, 2, 3, 1) for stage in self.criticised(self.reader.features, pictures)]

    def criticised(self, critic, pictures):
        """Critics compute in bfloat16 where the network does, and on pictures as matrix units read them."""
        with lowered(pictures, self.plan.half):
            return critic(pictures.contiguous(memory_format=torch.channels_last))

    def train_reader(self):
        """It learns from small pictures enlarged plainly: how strong the damage is, and how sharp and noisy they are."""
        optimiser = adam(self.reader.parameters(), 1e-3)
        for n in range(self.weights.feature_steps):
            x, y = self.feed.batch(10_000_000 + n)
            plain = F.interpolate(x[:, :3], scale_factor=self.scale, mode="bicubic", align_corners=False)
            rng = np.random.default_rng([self.plan.seed, n])
            blend = torch.from_numpy(rng.uniform(0, 1, (x.shape[0], 1, 1, 1)).astype(np.float32)).to(self.device)
            pictures = (blend * plain + (1 - blend) * y).clamp(0, 1)
            error = (pictures - y).abs().mean((1, 2, 3))
            ringing = (pictures - y).square().mean((1, 2, 3)).sqrt()
            truth = torch.stack([x[:, 3, 0, 0] * blend[:, 0, 0, 0], blend[:, 0, 0, 0], 20 * error, 10 * ringing], 1)
            loss = (self.criticised(self.reader, pictures).float() - truth).square().mean()
            descend(loss, [optimiser])
            if n % 100 == 0:
                print(f"\nreader {n}: {float(loss):.4f}", flush=True)
        self.reader.requires_grad_(False)
        self.reader_trained = True

    def state(self):
        parts = {k: getattr(self, k).state_dict() for k in ("judge", "judge_optimiser", "reader")}
        return {**super().state(), **parts, "reader_trained": self.reader_trained}

    def load(self, state):
        super().load(state)
        for part in ("judge", "judge_optimiser", "reader"):
            getattr(self, part).load_state_dict(state[part])
        self.reader_trained = state["reader_trained"]
        if self.reader_trained:
            self.reader.requires_grad_(False)


@functools.lru_cache(maxsize=None)
def gaussian(sigma, device):
    """[9, 9] on the device; kept, because a recorded step must not copy from the processor."""
    line = torch.from_numpy(blur_matrix(9, sigma)[4]).to(device)
    return line[:, None] * line[None]


def sharpened(pictures, amount, sigma=1.0):
    """A light unsharp mask of the photos to learn from, `amount` [n, 1, 1, 1] or a number: shrunk web photos are softer
    than they should be."""
    kernel = gaussian(sigma, pictures.device).expand(3, 1, 9, 9)
    soft = F.conv2d(F.pad(pictures, (4, 4, 4, 4), mode="reflect"), kernel, groups=3)
    return (pictures + amount * (pictures - soft)).clamp(0, 1)
