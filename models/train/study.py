"""Optimisers, or sizes of the network, side by side: the same recipe and steps for each, one table at the end.

    python3 models/train/study.py photo-x2 --photos <folder> [--steps 1200] [--batch 4 --crop 48] [--only adam,muon]
    python3 models/train/study.py photo-x2 --photos <folder> --sizes 5x48,8x48,5x64

Per run: PSNR on held-out photos, minutes, the step and minute at which it passed the first variant's final PSNR, and
the largest activation of the body with its ratio to the 99.9th percentile (what an 8-bit range has to cover). Each
run's folder can be exported (`node models/export/main.ts <folder> --to <elsewhere>`), which tells what 8 bits cost.
"""

import argparse
import copy
import csv
import json
import os

import torch
from torch.nn import functional as F

from settings import load_recipe
from tensors_file import load_tensors
from train import ROOT, train

VARIANTS = {
    "adam": {"optimiser": "adam", "branches": False},
    "adam-branches": {"optimiser": "adam", "branches": True},
    "muon": {"optimiser": "muon", "branches": False},
    "muon-branches": {"optimiser": "muon", "branches": True},
    "muon-branches-fast": {"optimiser": "muon", "branches": True, "rate": 0.02},
    "muon-slow": {"optimiser": "muon", "branches": False, "rate": 0.005},
    "soap": {"optimiser": "soap", "branches": False, "rate": 3e-3},
    "soap-branches": {"optimiser": "soap", "branches": True, "rate": 3e-3},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recipe")
    parser.add_argument("--photos", required=True)
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--crop", type=int, default=48)
    parser.add_argument("--only", help="variants, separated by commas")
    parser.add_argument("--sizes", help="depth x channels, separated by commas, instead of optimisers")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.sizes:
        names = options.sizes.split(",")
    else:
        names = options.only.split(",") if options.only else list(VARIANTS)
    rows = {}
    for name in names:
        recipe = variant_of(load_recipe(options.recipe), name, options)
        out = os.path.join(ROOT, ".cache", "train", "study", f"{recipe.id}-{options.steps}", name)
        os.makedirs(out, exist_ok=True)
        train(recipe, options.photos, out)
        rows[name] = read_run(out)
    print_table(rows)


def variant_of(recipe, name, options):
    recipe = copy.deepcopy(recipe)
    recipe.network.start = ""
    if options.sizes:
        recipe.network.depth, recipe.network.channels = (int(part) for part in name.split("x"))
    else:
        variant = dict(VARIANTS[name])
        recipe.network.branches = variant.pop("branches")
        for key, value in variant.items():
            setattr(recipe.training, key, value)
    recipe.data.batch, recipe.data.crop = options.batch, options.crop
    recipe.training.steps, recipe.training.warm_up = options.steps, min(100, options.steps // 5)
    recipe.training.validate_every = max(options.steps // 12, 1)
    return recipe


def print_table(rows):
    goal = next(iter(rows.values()))["curve"][-1]["clean"]
    print("\n| variant | clean | jpeg50 | noise10 | minutes | step, minute past the first's end | largest activation | ÷ 99.9 % |")
    print("|---|---|---|---|---|---|---|---|")
    for name, run in rows.items():
        end = run["curve"][-1]
        passed = next((f"{row['step']:.0f}, {row['minutes']:.1f}" for row in run["curve"] if row["clean"] >= goal), "–")
        print(
            f"| {name} | {end['clean']:.3f} | {end['jpeg50']:.3f} | {end['noise10']:.3f} | {end['minutes']:.1f} "
            f"| {passed} | {run['largest']:.1f} | {run['tail']:.1f} |"
        )


def read_run(out):
    with open(os.path.join(out, "curve.csv"), newline="", encoding="utf8") as file:
        rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(file)]
    largest, tail = activations(os.path.join(out, "network.safetensors"), os.path.join(out, "calibration.safetensors"))
    return {"curve": rows, "largest": largest, "tail": tail}


@torch.no_grad()
def activations(network_path, crops_path):
    """→ (largest value after any ReLU of the body, the worst layer's ratio of that to its 99.9th percentile)."""
    tensors, metadata = load_tensors(network_path)
    stride = json.loads(metadata["network"])["stride"]
    h = load_tensors(crops_path)[0]["input"][::3]
    h = F.relu(F.conv2d(h, tensors["head.weight"], tensors["head.bias"], stride, 1))
    largest, worst, index = 0.0, 0.0, 0
    while f"body.{index}.weight" in tensors:
        h = F.relu(F.conv2d(h, tensors[f"body.{index}.weight"], tensors[f"body.{index}.bias"], padding=1))
        sample = h.flatten()[:: max(h.numel() // 500_000, 1)]
        high = float(sample.kthvalue(int(0.999 * sample.numel())).values)
        largest, worst, index = max(largest, float(h.max())), max(worst, float(h.max()) / max(high, 1e-9)), index + 1
    return largest, worst


if __name__ == "__main__":
    main()
