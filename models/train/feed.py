"""Hands out batches in time: on a processor they are drawn when asked for, beside a GPU other processes draw them ahead."""

import torch
from torch.utils.data import DataLoader, Dataset

from samples import as_tensors

AHEAD = 6  # batches that each process may be ahead


class Drawn(Dataset):
    """Batch n of a sampler at place n."""

    def __init__(self, sampler):
        self.sampler = sampler

    def __getitem__(self, n):
        return self.sampler.batch(n)


class Feed:
    """`batch(n)` → input [b, 4, h, w] and target [b, 3, H, W], float32 0..1, on the device. Asking for n, n + 1, … is
    quick with `workers` > 0; any other order is right too, but starts the processes again."""

    def __init__(self, sampler, device, workers=0):
        self.sampler, self.device, self.workers = sampler, device, workers
        self.batches, self.next = None, None

    def batch(self, n):
        if self.workers == 0:
            return as_tensors(self.sampler.batch(n), self.device)
        if n != self.next:
            self.batches = iter(
                DataLoader(
                    Drawn(self.sampler),
                    batch_size=None,
                    sampler=range(n, n + 100_000_000),
                    num_workers=self.workers,
                    prefetch_factor=AHEAD,
                    pin_memory=torch.device(self.device).type == "cuda",
                )
            )
        self.next = n + 1
        return as_tensors(next(self.batches), self.device)
