"""A recipe: one TOML file in `recipes/` says everything that shapes a network. Unknown keys are refused."""

import dataclasses
import os
import tomllib


@dataclasses.dataclass
class Network:
    scale: int
    channels: int
    depth: int
    stride: int = 1
    branches: bool = False  # sums of kernels that are folded; see the table in README.md
    ensemble: int = 1  # 2: what ships is the mean of its pictures of the photo upright and turned on its side, in twice the time
    start: str = ""  # folder under models/ whose network this one grows from; empty: from scratch
    leave_out: list[int] = dataclasses.field(default_factory=list)  # body layers of that network, from 0, that this one does without


@dataclasses.dataclass
class Data:
    crop: int  # side of the small picture in pixels
    batch: int
    drawn_share: float = 0.06  # samples of drawn pictures
    sky_share: float = 0.0  # samples of a smooth run of colours, mostly damaged, with the right strength or more
    finer_share: float = 0.5  # samples that are the finer of two parts of a photo
    zoom_share: float = 0.0  # samples from a photo shrunk by 1 to 2 first: finer texture, no old JPEG traces, more of a photo
    tone_share: float = 0.0  # samples in other colours than the photo's
    clean_share: float = 0.5  # samples without damage
    clean_at_strength: float = 0.15  # of those, how many with a strength above 0
    blur_share: float = 0.3  # damaged samples blurred before shrinking
    blur: float = 0.8  # largest deviation of that blur, in small pixels
    drift: float = 0.07  # how far the strength given strays from the right one
    any_strength: float = 0.2  # damaged samples whose strength has nothing to do with the right one
    smoothing: float = 0.0  # codes of faint detail that go from the target where the strength given is higher by 1 than the right one
    heavy: bool = False  # damage of old and badly kept pictures


@dataclasses.dataclass
class Training:
    steps: int
    optimiser: str = "muon"
    rate: float = 0.01  # of the body's kernels
    other_rate: float = 2e-3  # of everything else, by Adam
    warm_up: int = 300
    decay_share: float = 0.35  # last part of the steps, where the rates fall to zero
    charbonnier: float = 1e-3
    decibels: bool = False  # learns from the logarithm of each sample's squared error, as PSNR counts it, instead
    flat: float = 0.0  # of that: weight of errors where the target has one colour, which the logarithm hardly sees in a sample that has texture too
    average: float = 0.999
    share: float = 1.0  # of this training in the weights that are kept; the rest are those it started from
    half: bool = True
    integers: bool = False  # learns with kernels and planes rounded as in the 8-bit file; for the last minutes of a finished network
    revive_every: int = 500  # steps after which channels that fell silent begin anew
    seed: int = 1
    validate_every: int = 500


@dataclasses.dataclass
class Perceptual:
    feature_steps: int = 600  # training of the network whose features are compared
    pixel: float = 1.0
    feature: float = 0.2
    adversarial: float = 0.012
    undamaged: float = 0.3  # say of the last two over undamaged photos, which are to stay as they are
    colour: float = 10.0
    flat: float = 10.0
    sharpen: float = 0.35
    rate: float = 2e-4
    width: int = 32


@dataclasses.dataclass
class Recipe:
    id: str
    name: str
    task: str
    version: str
    summary: str
    use: str
    network: Network
    data: Data
    training: Training
    perceptual: Perceptual | None = None


def load_recipe(path):
    if not os.path.exists(path):
        path = os.path.join(os.path.dirname(__file__), "recipes", f"{path}.toml")
    if not os.path.exists(path):
        raise SystemExit(f"There is no recipe {path}. Those there are: {', '.join(known_recipes())}.")
    with open(path, "rb") as file:
        return read(Recipe, tomllib.load(file), path)


def known_recipes():
    return sorted(n[:-5] for n in os.listdir(os.path.join(os.path.dirname(__file__), "recipes")) if n.endswith(".toml"))


def override(recipe, assignments):
    """Changes a recipe by `part.key=value`, as in `data.batch=4`. Values are written as in TOML."""
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        part, _, key = name.partition(".")
        holder = getattr(recipe, part, None)
        if not dataclasses.is_dataclass(holder) or not hasattr(holder, key):
            raise SystemExit(f"No recipe has {name}; write part.key=value, as in data.batch=4.")
        try:
            setattr(holder, key, type(getattr(holder, key))(tomllib.loads(f"v = {value}")["v"]))
        except (ValueError, TypeError) as error:
            raise SystemExit(f"{assignment}: {error}") from None


def read(kind, table, where):
    parts = {"network": Network, "data": Data, "training": Training, "perceptual": Perceptual}
    fields = {field.name for field in dataclasses.fields(kind)}
    unknown = set(table) - fields
    if unknown:
        raise SystemExit(f"{where}: unknown {', '.join(sorted(unknown))}")
    try:
        return kind(**{k: read(parts[k], v, f"{where} [{k}]") if k in parts and kind is Recipe else v for k, v in table.items()})
    except TypeError as error:
        raise SystemExit(f"{where}: {error}") from None
