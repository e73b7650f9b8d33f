import unittest

import torch
from torch.nn import functional as F

import places  # noqa: F401  (finds the modules)
from fidelity import block_drift, log_error, spread, unevenness
from network import PlainNetwork, blended, rounded, without_layers
from muon import orthogonal
from soap import Soap


def shaken(network, seed=0):
    torch.manual_seed(seed)
    with torch.no_grad():
        for p in network.parameters():
            p.add_(0.05 * torch.randn_like(p))
    return network


def run_folded(tensors, facts, x):
    """The shipped function, written from its description alone."""
    h = F.relu(F.conv2d(x, tensors["head.weight"], tensors["head.bias"], facts["stride"], 1))
    for i in range(facts["depth"]):
        h = F.relu(F.conv2d(h, tensors[f"body.{i}.weight"], tensors[f"body.{i}.bias"], padding=1))
    t = F.conv2d(h, tensors["tail.weight"], tensors["tail.bias"], padding=1)
    if facts["scale"] == 1:
        return x[:, :3] + F.pixel_shuffle(t, facts["stride"])
    return F.pixel_shuffle(t + F.conv2d(x, tensors["skip.weight"], padding=2), facts["scale"])


class TheNetwork(unittest.TestCase):
    x = torch.rand(2, 4, 12, 14, generator=torch.Generator().manual_seed(1))

    def test_computes_the_same_folded_as_with_branches(self):
        for scale, stride in ((1, 2), (2, 1), (4, 1)):
            network = shaken(PlainNetwork(scale, 8, 3, stride))
            folded = run_folded(network.folded(), network.facts(), self.x)
            torch.testing.assert_close(network(self.x), folded, atol=1e-5, rtol=1e-5)

    def test_ships_a_picture_that_turns_with_the_photo_where_it_is_a_self_ensemble(self):
        for scale, stride in ((2, 1), (1, 2)):
            network = shaken(PlainNetwork(scale, 8, 3, stride, ensemble=2))
            with torch.no_grad():
                upright, turned = network.picture(self.x), network.picture(self.x.transpose(2, 3)).transpose(2, 3)
                torch.testing.assert_close(upright, turned, atol=1e-5, rtol=0)
                self.assertGreater(float((network(self.x) - upright).abs().max()), 1e-3)

    def test_begins_as_bicubic_enlargement(self):
        network = PlainNetwork(2, 8, 2)
        y, x = torch.meshgrid(torch.arange(12.0), torch.arange(14.0), indexing="ij")
        smooth = torch.stack([x / 14, y / 12, (x + y) / 26, 0 * x])[None]
        expected = F.interpolate(smooth[:, :3], scale_factor=2, mode="bicubic", align_corners=False)
        torch.testing.assert_close(network(smooth)[..., 6:-6, 6:-6], expected[..., 6:-6, 6:-6], atol=0.03, rtol=0)

    def test_grows_without_changing_what_it_computes(self):
        small = shaken(PlainNetwork(2, 8, 3))
        for channels, depth in ((8, 3), (8, 6), (12, 3), (12, 5)):
            large = PlainNetwork(2, channels, depth)
            large.grow_from(small.folded())
            torch.testing.assert_close(large(self.x), small(self.x), atol=1e-4, rtol=1e-4)

    def test_blends_from_what_it_began_as_to_what_it_became(self):
        small = shaken(PlainNetwork(2, 8, 3, branches=False))
        for channels in (8, 12):
            large = PlainNetwork(2, channels, 3, branches=False)
            large.grow_from(small.folded())
            shaken(large, seed=1)
            begun, half, ended = (blended(large, small.folded(), share) for share in (0, 0.5, 1))
            torch.testing.assert_close(begun(self.x), small(self.x), atol=1e-5, rtol=1e-5)
            self.assertTrue(torch.equal(ended(self.x), large(self.x)))
            apart = (large(self.x) - small(self.x)).abs().mean()
            for end in (small, large):
                self.assertLess(float((half(self.x) - end(self.x)).abs().mean()), float(apart))

    def test_begins_with_every_channel_awake_however_deep_it_is(self):
        torch.manual_seed(5)
        network = PlainNetwork(2, 16, 24, branches=False)
        self.assertEqual([int(silent.sum()) for silent in network.silent_channels(self.x)], [0] * 25)

    def test_revives_channels_that_fell_silent_without_changing_the_picture(self):
        network = shaken(PlainNetwork(2, 8, 3, branches=False))
        with torch.no_grad():
            for bias, channels in ((network.head.bias, [2]), (network.body[1].bias, [0, 5, 7])):
                bias[channels] = -100
        before = network(self.x)
        silent = network.silent_channels(self.x)
        self.assertTrue(bool(silent[0][2]) and bool(silent[2][[0, 5, 7]].all()))
        self.assertEqual(network.revive(self.x, seed=3), sum(int(each.sum()) for each in silent))
        torch.testing.assert_close(network(self.x), before, atol=1e-6, rtol=0)
        self.assertLessEqual(sum(int(each.sum()) for each in network.silent_channels(self.x)), 1)
        network(self.x).square().sum().backward()
        self.assertTrue(bool((network.body[2].plain.grad[:, [0, 5, 7]].abs().amax((0, 2, 3)) > 0).any()))

    def test_rounds_its_kernels_to_63_steps_and_knows_when_they_are(self):
        network = shaken(PlainNetwork(2, 8, 3, branches=False))
        once = rounded(network)
        for name, kernel in once.folded().items():
            if kernel.dim() == 4 and name != "skip.weight":
                steps = 63 * kernel / kernel.abs().amax((1, 2, 3), keepdim=True)
                torch.testing.assert_close(steps, steps.round(), atol=1e-3, rtol=0)
        for name, kernel in rounded(once).folded().items():
            torch.testing.assert_close(kernel, once.folded()[name], atol=1e-6, rtol=0)

    def test_computes_in_training_for_integers_what_its_rounded_kernels_do_and_still_learns(self):
        network = shaken(PlainNetwork(2, 8, 3, branches=False))
        picture = network(self.x, integers=True)
        # What is left between the two is that planes are rounded, too.
        apart = float((picture - rounded(network)(self.x)).abs().max())
        self.assertGreater(apart, 0)
        self.assertLess(apart, 0.02 * float(picture.abs().max()))
        picture.square().sum().backward()
        for name, p in network.named_parameters():
            self.assertGreater(float(p.grad.abs().max()), 0, name)

    def test_leaves_out_layers_and_computes_what_the_others_make(self):
        deep = shaken(PlainNetwork(2, 8, 5, branches=False))
        shallow = PlainNetwork(2, 8, 3, branches=False)
        shallow.grow_from(without_layers(deep.folded(), [1, 3]))
        deep.body = torch.nn.ModuleList(deep.body[place] for place in (0, 2, 4))
        torch.testing.assert_close(shallow(self.x), deep(self.x))
        with self.assertRaises(SystemExit):
            without_layers(deep.folded(), [3])

    def test_cannot_shrink(self):
        with self.assertRaises(SystemExit):
            PlainNetwork(2, 8, 2).grow_from(PlainNetwork(2, 8, 3).folded())


class Losses(unittest.TestCase):
    def test_the_logarithm_counts_a_halved_error_alike_in_a_good_and_a_bad_picture(self):
        target = 0.4 + 0.2 * torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))
        error = torch.randn(2, 3, 32, 32, generator=torch.Generator().manual_seed(2)) * torch.tensor([0.02, 0.08]).view(2, 1, 1, 1)
        error -= F.interpolate(F.avg_pool2d(error, 16), scale_factor=16)  # no drift
        falls = []
        for better in (torch.tensor([0.5, 1.0]), torch.tensor([1.0, 0.5])):
            output = target + error * better.view(2, 1, 1, 1)
            falls.append(float(log_error(target + error, target) - log_error(output, target)))
        self.assertAlmostEqual(falls[0], falls[1], delta=0.01)
        self.assertAlmostEqual(falls[0], 0.3466, delta=0.01)  # half of ln 2

    def test_drift_counts_alike_in_a_good_and_a_bad_picture(self):
        target = 0.4 + 0.2 * torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(1))
        noise = torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(2))
        noise -= F.interpolate(F.avg_pool2d(noise, 16), scale_factor=16)
        for size in (0.02, 0.08):
            rise = float(log_error(target + size * noise + 0.002, target) - log_error(target + size * noise, target))
            self.assertAlmostEqual(rise, 0.2, delta=0.01)

    def test_what_is_cut_off_beside_white_is_no_error_of_a_pixel_but_counts_as_drift_before_and_behind_the_cut(self):
        target = torch.full((1, 3, 32, 32), 0.5)
        target[..., :16] = 1
        overshoot = torch.where(target == 1, 1.1, target)
        rise = float(log_error(overshoot, target) - log_error(target, target))
        self.assertAlmostEqual(rise, 50 * float(block_drift(overshoot, target)), places=4)
        # As much too dark on one side as too bright on the other: level before the cut, darker behind it.
        undershoot = (target + 0.1 * (torch.arange(32) % 2 * 2 - 1)).requires_grad_()
        self.assertLess(float(block_drift(undershoot, target)), 1e-6)
        log_error(undershoot, target).backward()
        self.assertTrue(bool((undershoot.grad[..., 0:16:2] < 0).all()))
        self.assertTrue(bool((undershoot.grad[..., 1:16:2] <= 0).all()), "what is cut is not pulled down")

    def test_a_value_beyond_white_is_pulled_back_where_the_target_is_not_white(self):
        target = torch.full((1, 3, 32, 32), 0.9)
        output = torch.full_like(target, 1.2).requires_grad_()
        log_error(output, target).backward()
        self.assertTrue(bool((output.grad > 0).all()))

    def test_a_fringe_counts_by_the_channel_that_it_is_in(self):
        target = torch.full((1, 3, 32, 32), 0.5)
        error = 0.05 * torch.randn(1, 3, 32, 32, generator=torch.Generator().manual_seed(2))
        error -= F.interpolate(F.avg_pool2d(error, 16), scale_factor=16)
        quiet, loud = error.clone(), error.clone()
        quiet[:, 2] *= 0.1  # blue has hardly an edge, and hardly an error
        fringe = 0.02 * torch.randn(32, 32, generator=torch.Generator().manual_seed(3))
        fringe -= F.interpolate(F.avg_pool2d(fringe[None, None], 16), scale_factor=16)[0, 0]
        rises = []
        for picture in (quiet, loud):
            worse = picture.clone()
            worse[:, 2] += fringe
            rises.append(float(log_error(target + worse, target) - log_error(target + picture, target)))
        self.assertGreater(rises[0], 5 * rises[1])

    def test_unevenness_counts_where_the_photo_is_flat_and_only_there(self):
        photo = torch.full((1, 3, 24, 24), 0.5)
        photo[..., 12:] = torch.rand(1, 3, 24, 12)
        self.assertEqual(float(unevenness(photo, photo)), 0)
        flat_spoilt, fine_spoilt = photo.clone(), photo.clone()
        flat_spoilt[..., 4:6] += 0.1
        fine_spoilt[..., 18:20] += 0.1
        self.assertGreater(float(unevenness(flat_spoilt, photo)), 0.005)
        self.assertEqual(float(unevenness(fine_spoilt, photo)), 0)

    def test_the_spread_around_a_pixel_is_what_pooling_finds(self):
        pictures = torch.rand(2, 3, 9, 7, generator=torch.Generator().manual_seed(6)) - 0.5
        for side in (1, 3, 5):
            torch.testing.assert_close(spread(pictures, side, torch.maximum), F.max_pool2d(pictures, side, 1, side // 2))
            torch.testing.assert_close(spread(pictures, side, torch.minimum), -F.max_pool2d(-pictures, side, 1, side // 2))

    def test_the_logarithm_is_finite_where_nothing_is_wrong(self):
        picture = torch.rand(1, 3, 16, 16, requires_grad=True)
        loss = log_error(picture, picture.detach())
        loss.backward()
        self.assertTrue(bool(torch.isfinite(loss)) and bool(torch.isfinite(picture.grad).all()))


class Optimisers(unittest.TestCase):
    def test_muon_makes_every_direction_about_equally_long(self):
        torch.manual_seed(3)
        for shape in ((48, 432), (432, 48)):
            lengths = torch.linalg.svdvals(orthogonal(torch.randn(shape) @ torch.diag(torch.rand(shape[1]) + 0.02)))
            self.assertGreater(float(lengths.min()), 0.3)
            self.assertLess(float(lengths.max()), 1.3)

    def test_soap_does_not_care_how_the_problem_is_turned_and_adam_does(self):
        torch.manual_seed(4)
        valley = torch.diag(torch.logspace(0, -2, 12))
        start, turn = torch.randn(12, 9), torch.linalg.qr(torch.randn(12, 12))[0]

        def losses(make, turn):
            p = torch.nn.Parameter(turn @ start)
            optimiser, found = make([p]), []
            for _ in range(60):
                optimiser.zero_grad()
                loss = ((turn.T @ p).T @ valley @ (turn.T @ p)).diagonal().sum() / 2
                loss.backward()
                optimiser.step()
                found.append(float(loss.detach()))
            return torch.tensor(found)

        still = torch.eye(12)
        for make, same in ((lambda p: Soap(p, lr=0.05), True), (lambda p: torch.optim.Adam(p, lr=0.05), False)):
            apart = ((losses(make, still) - losses(make, turn)).abs() / losses(make, still)).max()
            self.assertEqual(bool(apart < 0.02), same, float(apart))


if __name__ == "__main__":
    unittest.main()
