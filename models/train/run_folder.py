"""What a training leaves behind: a checkpoint to go on from, and the files the export reads."""

import os

import torch

from tensors_file import save_tensors
from validate import in_parts


def save_checkpoint(out, job, step, minutes, hardware):
    path = os.path.join(out, "checkpoint.pt")
    torch.save({"job": job.state(), "step": step, "minutes": minutes, "hardware": hardware}, path + ".part")
    os.replace(path + ".part", path)


def load_checkpoint(out, job):
    """→ (step, minutes, what it was trained on); (0, 0, []) for a new run. Damage stops the run: starting over unasked could lose hours."""
    path = os.path.join(out, "checkpoint.pt")
    if not os.path.exists(path):
        return 0, 0.0, []
    saved = torch.load(path, map_location="cpu")
    job.load(saved["job"])
    print(f"goes on from step {saved['step']}")
    return saved["step"], saved["minutes"], saved.get("hardware", [])


@torch.no_grad()
def save_network(out, network, crops, recipe, training):
    """`crops`: (input, target) to calibrate 8-bit ranges with."""
    card = {k: getattr(recipe, k) for k in ("id", "name", "task", "version", "summary", "use")}
    tensors = network.folded()
    training = {**training, "parameters": sum(t.numel() for t in tensors.values())}
    metadata = {"network": network.facts(), "training": training, "card": card}
    save_tensors(os.path.join(out, "network.safetensors"), tensors, metadata)
    if training["steps"] < recipe.training.steps and os.path.exists(os.path.join(out, "calibration.safetensors")):
        return
    inputs, targets = crops
    rows = {"input": inputs, "target": targets, "output": in_parts(network, inputs)}
    save_tensors(os.path.join(out, "calibration.safetensors"), rows, {"note": "held-out crops and drawings"})
