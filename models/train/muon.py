"""Muon (Jordan et al., 2024): momentum whose matrices are made orthogonal before each step."""

import collections

import torch


def orthogonal(matrices, steps=5):
    """Approximates U·Vᵀ of the singular value decomposition of each matrix [..., rows, columns] by Newton–Schulz steps of
    the fifth order; the coefficients are the method's published ones, singular values end between about 0.7 and 1.2."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrices / (matrices.flatten(-2).norm(dim=-1)[..., None, None] + 1e-7)
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    for _ in range(steps):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """For kernels [out, in, …], seen as matrices [out, in·…]. `lr` is the step's spectral size."""

    def __init__(self, params, lr, momentum=0.95):
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            alike = collections.defaultdict(list)  # all kernels of a shape in one go: many small ones idle a GPU
            for p in group["params"]:
                if p.grad is not None:
                    alike[p.shape].append(p)
            for params in alike.values():
                ahead = torch.stack([self.momentum_of(p, group["momentum"]).flatten(1) for p in params])
                for p, change in zip(params, orthogonal(ahead) * group["lr"]):
                    p.sub_(change.view_as(p))

    def momentum_of(self, p, momentum):
        buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
        buffer.lerp_(p.grad, 1 - momentum)
        return p.grad.lerp(buffer, momentum)  # Nesterov
