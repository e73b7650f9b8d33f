"""Muon (Jordan et al., 2024): momentum whose matrices are made orthogonal before each step."""

import torch


def orthogonal(matrix, steps=5):
    """Approximates U·Vᵀ of the matrix's singular value decomposition by Newton–Schulz steps of the fifth order;
    the coefficients are the method's published ones, singular values end between about 0.7 and 1.2."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrix / (matrix.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x


class Muon(torch.optim.Optimizer):
    """For kernels [out, in, …], seen as matrices [out, in·…]. `lr` is the step's spectral size."""

    def __init__(self, params, lr, momentum=0.95):
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - group["momentum"])
                ahead = p.grad.lerp(buffer, group["momentum"])  # Nesterov
                p.add_(orthogonal(ahead.flatten(1)).view_as(p), alpha=-group["lr"])
