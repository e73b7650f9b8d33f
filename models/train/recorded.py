"""A GPU is asked for some hundred small things per step; asking takes longer than doing. A recorded function is asked
for once and then replayed as a whole (CUDA graphs)."""

import torch

WARM_UP = 3  # calls that let libraries choose and allocate, as PyTorch's notes on CUDA graphs demand


class Recorded:
    """`function(*tensors)` → tensors, on a GPU recorded at the fourth call and replayed from then on.

    It must do the same work at each call: no branch on a value, no copy from or to the processor. What it returns is
    overwritten by the next call. On a processor it is called as it is.
    """

    def __init__(self, function, device, possible=True):
        self.function, self.calls, self.graph = function, 0, None
        self.records = possible and torch.device(device).type == "cuda"

    def __call__(self, *inputs):
        if not self.records:
            return self.function(*inputs)
        self.calls += 1
        if self.calls <= WARM_UP:
            return self.beside(inputs)
        if self.graph is None:
            self.record(inputs)
        for held, given in zip(self.inputs, inputs):
            held.copy_(given)
        self.graph.replay()
        return self.results

    def beside(self, inputs):
        stream, main = torch.cuda.Stream(), torch.cuda.current_stream()
        stream.wait_stream(main)
        with torch.cuda.stream(stream):
            results = self.function(*inputs)
        main.wait_stream(stream)
        return results

    def record(self, inputs):
        self.inputs = [given.clone() for given in inputs]
        self.graph = torch.cuda.CUDAGraph()
        # Other threads go on fetching batches meanwhile.
        with torch.cuda.graph(self.graph, capture_error_mode="thread_local"):
            self.results = self.function(*self.inputs)
