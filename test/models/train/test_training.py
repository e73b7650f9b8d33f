import dataclasses
import hashlib
import json
import os
import tempfile
import unittest

import torch

import places
from critics import PatchDiscriminator, feature_distance
from feed import Feed
from perceptual import sharpened
from samples import Sampler
from settings import Data, Network, Perceptual, Recipe, Training, known_recipes, load_recipe, override
from tensors_file import load_tensors
from train import steps_within, train

TINY = Recipe(
    id="tiny",
    name="Tiny",
    task="enlarge",
    version="1.0.0",
    summary="for tests",
    use="for tests",
    network=Network(scale=2, channels=8, depth=2),
    data=Data(crop=16, batch=2, clean_share=0.7),
    training=Training(steps=6, warm_up=2, validate_every=3),
)


def with_steps(recipe, steps, **more):
    return dataclasses.replace(recipe, training=dataclasses.replace(recipe.training, steps=steps, **more))


class Runs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.set_num_threads(1)
        cls.folder = tempfile.TemporaryDirectory()
        places.save_pictures(cls.folder.name, 20, 232)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_for(self, recipe, out=None):
        out = out or tempfile.mkdtemp(dir=self.folder.name)
        return train(recipe, self.folder.name, out), out

    def test_learns_to_beat_bicubic_within_seconds(self):
        scores, out = self.run_for(with_steps(TINY, 300, validate_every=300, half=False, rate=0.003))
        with open(os.path.join(out, "curve.csv"), encoding="utf8") as file:
            first = file.read().splitlines()[1].split(",")
        self.assertGreater(scores["clean"], float(first[3]) + 0.3)
        self.assertTrue(os.path.getsize(os.path.join(out, "curve.png")) > 1000)

    def test_for_integers_keeps_kernels_that_are_rounded(self):
        _, out = self.run_for(with_steps(TINY, 4, validate_every=4, integers=True))
        tensors = load_tensors(os.path.join(out, "network.safetensors"))[0]
        for name in ("head.weight", "body.1.weight", "tail.weight"):
            steps = 63 * tensors[name] / tensors[name].abs().amax((1, 2, 3), keepdim=True)
            torch.testing.assert_close(steps, steps.round(), atol=1e-3, rtol=0)

    def test_keeps_as_much_of_a_training_as_its_share_says(self):
        _, first = self.run_for(with_steps(TINY, 2))
        begun = load_tensors(os.path.join(first, "network.safetensors"))[0]
        kept = []
        for share in (0.25, 1.0):
            recipe = dataclasses.replace(with_steps(TINY, 3, share=share), network=dataclasses.replace(TINY.network, start=first))
            kept.append(load_tensors(os.path.join(self.run_for(recipe)[1], "network.safetensors"))[0])
        for name, start in begun.items():
            torch.testing.assert_close(kept[0][name], start.lerp(kept[1][name], 0.25))
        self.assertFalse(torch.equal(kept[1]["body.0.weight"], begun["body.0.weight"]))

    def test_goes_on_exactly_where_it_stopped(self):
        # Without a fall of the rates, which would depend on where the first part was told to end.
        steady = with_steps(TINY, 6, decay_share=0, revive_every=2)
        for recipe in (steady, dataclasses.replace(steady, perceptual=Perceptual(feature_steps=2, width=4))):
            _, unbroken = self.run_for(recipe)
            _, broken = self.run_for(with_steps(recipe, 3))
            self.run_for(recipe, broken)
            one, other = (load_tensors(os.path.join(out, "network.safetensors"))[0] for out in (unbroken, broken))
            for name, tensor in one.items():
                self.assertTrue(torch.equal(tensor, other[name]), name)
            with open(os.path.join(broken, "curve.csv"), encoding="utf8") as file:
                self.assertEqual([line.split(",")[0] for line in file], ["step", "0", "3", "6"])

    def test_is_told_again_what_it_grew_from_when_it_goes_on(self):
        _, first = self.run_for(with_steps(TINY, 2))
        grown = dataclasses.replace(with_steps(TINY, 3), network=dataclasses.replace(TINY.network, start=first))
        _, out = self.run_for(grown)
        # Whatever stands there by now.
        _, out = self.run_for(with_steps(TINY, 4), out)
        facts = json.loads(load_tensors(os.path.join(out, "network.safetensors"))[1]["training"])
        self.assertEqual([(one["id"], one["steps"]) for one in facts["earlier"]], [("tiny", 2)])
        self.assertEqual(facts["steps"], 4)

    def test_learns_the_same_from_batches_that_other_processes_draw(self):
        for recipe in (TINY, dataclasses.replace(TINY, perceptual=Perceptual(feature_steps=2, width=4))):
            folders = [tempfile.mkdtemp(dir=self.folder.name) for _ in range(2)]
            for out, workers in zip(folders, (0, 2)):
                train(recipe, self.folder.name, out, workers=workers)
            one, other = (load_tensors(os.path.join(out, "network.safetensors"))[0] for out in folders)
            for name, tensor in one.items():
                self.assertTrue(torch.equal(tensor, other[name]), name)

    def test_ends_with_its_minutes_and_says_on_what_it_was_trained(self):
        out = tempfile.mkdtemp(dir=self.folder.name)
        train(with_steps(TINY, 1_000_000, validate_every=1_000_000), self.folder.name, out, budget_minutes=0.02)
        facts = json.loads(load_tensors(os.path.join(out, "network.safetensors"))[1]["training"])
        self.assertEqual(facts["recipe"]["training"]["steps"], facts["steps"])
        self.assertTrue(0 < facts["steps"] < 1_000_000)
        self.assertIn("processor", facts["hardware"])

    def test_calibrates_on_drawings_too(self):
        _, out = self.run_for(TINY)
        crops = load_tensors(os.path.join(out, "calibration.safetensors"))[0]["input"]
        # A picture of flat areas has many pixels that equal their neighbour.
        flat = (crops[:, :3, :, 1:] == crops[:, :3, :, :-1]).float().mean((1, 2, 3))
        self.assertGreaterEqual(int((flat[-6:] > 0.3).sum()), 3)

    def test_grows_from_a_network_without_losing_what_it_can_and_says_so(self):
        _, first = self.run_for(with_steps(TINY, 40, validate_every=40, half=False))
        start = dataclasses.replace(TINY.network, depth=3, start=first)
        scores, out = self.run_for(dataclasses.replace(with_steps(TINY, 0), network=start))
        small = load_tensors(os.path.join(first, "network.safetensors"))
        grown = load_tensors(os.path.join(out, "network.safetensors"))
        crops = load_tensors(os.path.join(first, "calibration.safetensors"))[0]
        again = load_tensors(os.path.join(out, "calibration.safetensors"))[0]
        torch.testing.assert_close(again["output"], crops["output"], atol=1e-5, rtol=0)
        self.assertEqual(len(grown[0]), len(small[0]) + 2)
        self.assertNotIn(first, grown[1]["training"])
        (earlier,) = json.loads(grown[1]["training"])["earlier"]
        self.assertEqual((earlier["id"], earlier["steps"]), ("tiny", 40))

    def test_lists_the_photos_it_learnt_from_so_that_the_list_has_the_hash_it_states(self):
        _, out = self.run_for(TINY)
        with open(os.path.join(out, "photos.sha256"), "rb") as file:
            listing = file.read()
        data = json.loads(load_tensors(os.path.join(out, "network.safetensors"))[1]["training"])["data"]
        self.assertEqual(hashlib.sha256(listing).hexdigest(), data["sha256"])
        self.assertEqual(len(listing.splitlines()), data["photos"])

    def test_writes_what_the_export_reads(self):
        _, out = self.run_for(dataclasses.replace(TINY, network=Network(scale=1, stride=2, channels=8, depth=2)))
        tensors, metadata = load_tensors(os.path.join(out, "network.safetensors"))
        crops, _ = load_tensors(os.path.join(out, "calibration.safetensors"))
        self.assertEqual(tuple(tensors["head.weight"].shape), (8, 4, 4, 4))
        self.assertNotIn("skip.weight", tensors)
        self.assertEqual(crops["input"].shape[1], 4)
        self.assertEqual(crops["target"].shape, crops["output"].shape)
        for part in ("network", "training", "card"):
            self.assertIn(part, metadata)


class Recipes(unittest.TestCase):
    def test_are_all_readable_and_named_like_their_file(self):
        self.assertIn("photo-x2", known_recipes())
        for name in known_recipes():
            self.assertEqual(load_recipe(name).id, name)

    def test_take_other_values_from_the_command(self):
        recipe = load_recipe("photo-x2")
        override(recipe, ["data.batch=4", "training.rate=0.003", "training.half=false"])
        self.assertEqual((recipe.data.batch, recipe.training.rate, recipe.training.half), (4, 0.003, False))
        for wrong in ("batch=4", "data.colour=3", "data.batch=many", "perceptual.pixel=2"):
            with self.assertRaises(SystemExit, msg=wrong):
                override(recipe, [wrong])

    def test_refuse_what_they_do_not_know(self):
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
            file.write('id = "x"\ncolour = 3\n')
            file.flush()
            with self.assertRaisesRegex(SystemExit, "colour"):
                load_recipe(file.name)


class Budget(unittest.TestCase):
    def test_spends_what_is_left_at_the_pace_so_far(self):
        self.assertEqual(steps_within(10, 1000, 4, 500, 2), 1000 + 1500)

    def test_ends_at_once_when_it_is_spent(self):
        self.assertEqual(steps_within(10, 1000, 10.1, 1000, 10.1), 1000)

    def test_does_not_judge_the_pace_by_the_first_steps(self):
        self.assertGreater(steps_within(10, 20, 1, 20, 1), 10_000)


class Batches(unittest.TestCase):
    def test_are_right_in_any_order(self):
        sampler = Sampler([places.drawn_picture(seed, 96, 96) for seed in range(3)], 2, Data(crop=16, batch=2), seed=3)
        ahead = Feed(sampler, "cpu", workers=2)
        for n in (0, 1, 2, 9, 10, 3):
            for one, other in zip(ahead.batch(n), Feed(sampler, "cpu").batch(n)):
                self.assertTrue(torch.equal(one, other))


class Critics(unittest.TestCase):
    def test_the_judge_sees_no_further_than_about_thirty_pixels(self):
        judge = PatchDiscriminator(4)
        picture = torch.rand(1, 3, 96, 96, requires_grad=True)
        judge(picture)[0, 0, 12, 12].backward()
        seen = picture.grad.abs().sum((0, 1)).nonzero()
        self.assertLessEqual(int((seen.max(0).values - seen.min(0).values).max()), 34)

    def test_features_are_compared_in_units_of_their_spread_and_pictures_counted_by_their_weight(self):
        seen = torch.randn(2, 32, 32, 4, generator=torch.Generator().manual_seed(8)) * torch.tensor([1.0, 5.0, 0.1, 20.0])
        moved = seen + 0.5 * torch.tensor([1.0, 5.0, 0.1, 20.0])
        only_first = torch.tensor([1.0, 0.0]).view(2, 1, 1, 1)
        self.assertEqual(float(feature_distance([seen], [seen], only_first)), 0)
        self.assertAlmostEqual(float(feature_distance([moved], [seen], torch.ones(2, 1, 1, 1))), 0.5, delta=0.03)
        self.assertAlmostEqual(float(feature_distance([moved], [seen], only_first)), 0.25, delta=0.02)

    def test_sharpening_leaves_flat_areas_and_means_alone(self):
        flat = torch.full((1, 3, 32, 32), 0.4)
        torch.testing.assert_close(sharpened(flat, 0.5), flat)


if __name__ == "__main__":
    unittest.main()
