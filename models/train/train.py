"""Trains one network from a recipe.

    python3 models/train/train.py photo-x2 --photos <folder> [--out <run folder>]

Run it again to go on where it stopped. The run folder gets checkpoint.pt, curve.csv and curve.png,
network.safetensors (folded, averaged weights), calibration.safetensors and photos.sha256 (what it learnt from);
`models/export` makes the shipped files of them.
"""

import argparse
import copy
import os
import platform
import time

import torch

import curve
from fidelity import Fidelity
from perceptual import Perceptual
from photos import Photos
from run_folder import load_checkpoint, save_checkpoint, save_network
from settings import load_recipe, override
from validate import calibration_crops, held_out_batches, psnr_of

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("recipe", help="name of a file in models/train/recipes, or a path")
    parser.add_argument("--photos", required=True, help="folder of photos to learn from")
    parser.add_argument("--out", help="run folder (default: .cache/train/<id>)")
    parser.add_argument("--from", dest="start", help="folder with the network.safetensors to grow from, instead of the recipe's")
    parser.add_argument("--steps", type=int, help="instead of the recipe's; a run that goes on takes it too")
    parser.add_argument("--minutes", type=float, help="instead of steps: ends about then, the rates fall in time")
    parser.add_argument("--set", nargs="+", default=[], metavar="part.key=value", help="changes the recipe, as in data.batch=4")
    parser.add_argument("--workers", type=int, help="processes that draw batches (default: 0, beside a GPU one per core)")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


def main():
    options = arguments()
    recipe = load_recipe(options.recipe)
    if options.start:
        recipe.network.start = os.path.abspath(options.start)
    override(recipe, options.set)
    if options.steps:
        recipe.training.steps = options.steps
    out = options.out or os.path.join(ROOT, ".cache", "train", recipe.id)
    os.makedirs(out, exist_ok=True)
    torch.set_num_threads(options.threads)
    workers = options.workers
    if workers is None:
        workers = 0 if options.device == "cpu" else os.cpu_count()
    train(recipe, options.photos, out, options.device, workers, options.minutes)


def train(recipe, photo_folder, out, device="cpu", workers=0, budget_minutes=None):
    """Runs until the recipe's last step, or, with a budget, for about as many minutes, earlier sittings of this run
    included. → PSNR per case of the averaged network on the held-out photos."""
    torch.manual_seed(recipe.training.seed)
    torch.backends.cudnn.benchmark = True  # all batches have one shape
    scale = recipe.network.scale
    photos = Photos(photo_folder, smallest_side=(recipe.data.crop + 12) * max(scale, 2))
    with open(os.path.join(out, "photos.sha256"), "w", encoding="utf8") as file:
        file.write(photos.listing)
    side = 96 if scale < 4 else 72
    batches = held_out_batches(photos.held_out, scale, side)
    crops = calibration_crops(batches, scale, side)
    job = (Perceptual if recipe.perceptual else Fidelity)(recipe, photos.train, device, workers)
    step, minutes, places = load_checkpoint(out, job)
    csv_path = os.path.join(out, "curve.csv")
    curve.keep_before(csv_path, step)
    began = said = time.monotonic()
    begun_at, begun_minutes = step, minutes
    here = hardware(device)
    while True:
        minutes = begun_minutes + (time.monotonic() - began) / 60
        if budget_minutes is not None:
            recipe.training.steps = steps_within(budget_minutes, step, minutes, step - begun_at, minutes - begun_minutes)
        last = recipe.training.steps
        if step % recipe.training.validate_every == 0 or step == last:
            kept = job.result()
            scores = psnr_of(kept, batches, scale)
            row = {"step": step, "minutes": round(minutes, 2), "loss": round(job.loss, 6)}
            curve.append_row(csv_path, {**row, **{k: round(v, 4) for k, v in scores.items()}})
            curve.draw_curve(csv_path, os.path.join(out, "curve.png"), list(scores))
            revived = f"; {job.revived} channels revived" if job.revived else ""
            print(f"\nstep {step}: " + ", ".join(f"{k} {v:.3f} dB" for k, v in scores.items()) + revived, flush=True)
            if step > begun_at or step == last:
                save_checkpoint(out, job, step, minutes, places)
                save_network(out, kept, crops, recipe, training_facts(recipe, photos, job.earlier, step, minutes, places))
        if step >= last:
            return scores
        job.step(step)
        step += 1
        if here not in places:
            places.append(here)
        if time.monotonic() - said > 5:
            said = time.monotonic()
            pace = (said - began) / (step - begun_at)
            left = budget_minutes - minutes if budget_minutes else pace * (last - step) / 60
            print(f"\rstep {step}/{last}  loss {job.loss:.5f}  {1000 * pace:.0f} ms a step  {left:.1f} min left ", end="", flush=True)


def steps_within(budget, step, minutes, done, spent, least=200):
    """Last step of a training of `budget` minutes: `step` is the one to come, after `minutes`, and the last `done` took
    `spent`. Before the pace is known, more than will be."""
    if minutes >= budget:
        return step
    if done < least:
        return max(step, 1) * 1000
    return step + max(1, round((budget - minutes) * done / spent))


def training_facts(recipe, photos, earlier, step, minutes, places):
    return {
        "id": recipe.id,
        "recipe": recipe_table(recipe, earlier),
        "steps": step,
        "minutes": round(minutes, 1),
        "earlier": earlier,
        "seed": recipe.training.seed,
        "hardware": ", then ".join(places),
        "torch": torch.__version__,
        "data": photos.facts,
    }


def hardware(device):
    if device != "cpu":
        return torch.cuda.get_device_name(device)
    count = torch.get_num_threads()
    return f"{platform.machine()} processor, {count} thread{'' if count == 1 else 's'}"


def recipe_table(recipe, earlier):
    """The recipe as JSON; where it began from a folder, the network that lay there, not the path."""
    table = copy.deepcopy(recipe.__dict__)
    table["network"].start = earlier[-1]["id"] if earlier else ""
    return {k: v.__dict__ if hasattr(v, "__dict__") else v for k, v in table.items()}


if __name__ == "__main__":
    main()
