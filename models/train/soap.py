"""SOAP (Vyas et al., arXiv 2409.11321): Adam in the eigenbasis of Shampoo's preconditioners."""

import torch


class Soap(torch.optim.Optimizer):
    """Kernels [out, in, …] are seen as matrices [out, in·…] (the paper's merge_dims); a side longer than
    `largest_side` is left without a preconditioner. Vectors are plain Adam."""

    def __init__(self, params, lr=3e-3, betas=(0.95, 0.95), eps=1e-8, every=10, largest_side=1024):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "every": every, "largest_side": largest_side})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.update(p, group)

    def update(self, p, group):
        grad = p.grad.flatten(1) if p.dim() > 1 else p.grad[None]
        state = self.state[p]
        first, second = group["betas"]
        sides = [p.dim() > 1 and size <= group["largest_side"] for size in grad.shape]
        if not state:
            state["step"] = 0
            state["m"], state["v"] = torch.zeros_like(grad), torch.zeros_like(grad)
            state["grams"] = [gram(grad, axis) if on else None for axis, on in enumerate(sides)]
            state["bases"] = [torch.linalg.eigh(g)[1].flip(1) if g is not None else None for g in state["grams"]]
            return  # the first gradient only sets the basis
        state["step"] += 1
        turned = self.turn(grad, state)
        state["m"].lerp_(grad, 1 - first)
        state["v"].lerp_(turned.square(), 1 - second)
        update = self.turn(state["m"], state) / (state["v"].sqrt() + group["eps"])
        update = self.turn(update, state, back=True)
        size = group["lr"] * (1 - second ** state["step"]) ** 0.5 / (1 - first ** state["step"])
        p.add_(update.view_as(p), alpha=-size)
        for axis, g in enumerate(state["grams"]):
            if g is not None:
                g.lerp_(gram(grad, axis), 1 - second)
        if state["step"] % group["every"] == 0:
            self.refresh(state)

    def turn(self, x, state, back=False):
        left, right = state["bases"]
        if left is not None:
            x = (left if back else left.T) @ x
        if right is not None:
            x = x @ (right.T if back else right)
        return x

    def refresh(self, state):
        """One power iteration and QR per side; second moments follow the eigenvectors' new order."""
        for axis, (g, basis) in enumerate(zip(state["grams"], state["bases"])):
            if g is None:
                continue
            order = torch.argsort((basis.T @ g @ basis).diagonal(), descending=True)
            state["v"] = state["v"].index_select(axis, order)
            state["bases"][axis] = torch.linalg.qr(g @ basis[:, order])[0]


def gram(grad, axis):
    return grad @ grad.T if axis == 0 else grad.T @ grad
