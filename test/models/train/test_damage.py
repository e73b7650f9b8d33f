import dataclasses
import unittest

import numpy as np

import places
from damage import damaged, jpeg_sigma, sensor_noise, strength_of
from downscale import KERNELS, apply_both, blur_matrix, cubic, shrink_matrix
from drawings import drawings, strong_colour
from samples import MARGIN, Sampler, as_tensors, box_mean, retoned, without_faint_detail
from settings import Data


class Shrinking(unittest.TestCase):
    def test_keeps_flat_areas_flat_with_every_kernel_and_blur(self):
        for kernel in KERNELS:
            for factor in (2, 4):
                matrix = shrink_matrix(kernel, factor, 10, 6)
                matrix = matrix @ blur_matrix(matrix.shape[1], 0.7)
                np.testing.assert_allclose(matrix.sum(1), 1, atol=1e-5)

    def test_keeps_ramps_straight_and_in_place(self):
        for factor in (2, 4):
            matrix = shrink_matrix("bicubic", factor, 12, 6)
            ramp = np.arange(matrix.shape[1], dtype=np.float32)
            expected = (np.arange(12) + 6 + 0.5) * factor - 0.5
            np.testing.assert_allclose(matrix @ ramp, expected, atol=1e-3)

    def test_is_the_widened_cubic_summed_directly(self):
        rng = np.random.default_rng(2)
        large = rng.uniform(0, 255, (48, 48, 3)).astype(np.float32)
        matrix = shrink_matrix("bicubic", 2, 12, 6)
        small = apply_both(matrix, large, matrix)
        row, column = 5, 7
        weights = lambda i: np.array([float(cubic(np.float64((j - ((i + 6 + 0.5) * 2 - 0.5)) / 2))) for j in range(48)])
        across, down = weights(column), weights(row)
        expected = (large * (down / down.sum())[:, None, None] * (across / across.sum())[None, :, None]).sum((0, 1))
        np.testing.assert_allclose(small[row, column], expected, rtol=1e-4)


class Drawings(unittest.TestCase):
    def test_are_the_same_for_the_same_seed_and_no_two_alike(self):
        pictures = drawings(6, 64, seed=9)
        for again, picture in zip(drawings(6, 64, seed=9), pictures):
            np.testing.assert_array_equal(again, picture)
        self.assertEqual(len({picture.tobytes() for picture in pictures}), 6)

    def test_are_now_and_then_coloured_letters_on_white(self):
        # Most of such a page is white, and its letters have channels far apart.
        pages = [p for p in drawings(60, 128, seed=9) if (p == 255).all(2).mean() > 0.3]
        self.assertGreater(len(pages), 3)
        self.assertGreater(max(int(np.ptp(page.astype(int), axis=2).max()) for page in pages), 200)

    def test_strong_colours_are_mostly_at_the_ends_of_their_channels(self):
        channels = np.array([strong_colour(np.random.default_rng(seed)) for seed in range(300)])
        self.assertGreater(((channels < 50) | (channels > 205)).mean(), 0.6)


class Damage(unittest.TestCase):
    def test_is_stronger_the_lower_the_quality(self):
        sigmas = [jpeg_sigma(quality) for quality in range(30, 96, 5)]
        self.assertEqual(sigmas, sorted(sigmas, reverse=True))
        self.assertEqual(strength_of(0), 0)
        self.assertEqual(strength_of(400), 1)

    def test_adds_as_much_noise_as_it_says(self):
        flat = np.full((200, 200, 3), 128, np.float32)
        for seed in range(12):
            noisy = sensor_noise(flat, np.random.default_rng(seed), 8.0)
            self.assertAlmostEqual(float((noisy - flat).std()), 8.0, delta=0.6)

    def test_moves_nothing(self):
        picture = places.drawn_picture(3, 64, 64).astype(np.float32)
        for seed in range(60):
            pixels, strength = damaged(picture, np.random.default_rng(seed))
            self.assertEqual(pixels.shape, picture.shape)
            self.assertTrue(0 < strength <= 1)
            here = np.abs(pixels - picture).mean()
            for shift in ((1, 0), (0, 1), (-1, 0), (0, -1)):
                self.assertLess(here, np.abs(np.roll(pixels, shift, (0, 1)) - picture).mean())

    def test_undamaged_samples_are_what_their_target_shrinks_to_at_any_zoom_and_in_any_colours(self):
        photos = [places.drawn_picture(seed, 300, 260) for seed in range(3)]
        data = Data(crop=24, batch=12, clean_share=1, clean_at_strength=0, drawn_share=0, zoom_share=0.7, tone_share=0.7)
        pixels, _, target = Sampler(photos, 2, data, seed=6).batch(0)
        inner = slice(MARGIN, 24 - MARGIN)
        matrix = shrink_matrix("bicubic", 2, 24 - 2 * MARGIN, MARGIN)
        for small, large in zip(pixels.numpy(), target.numpy().astype(np.float32)):
            shrunk = np.clip(apply_both(matrix, large, matrix), 0, 255)
            self.assertLessEqual(float(np.abs(shrunk - small[inner, inner]).max()), 0.51)

    def test_other_colours_keep_what_is_brighter_than_what_in_each_channel(self):
        ramp = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
        alike = 0
        for seed in range(40):
            other = retoned(ramp, np.random.default_rng(seed)).astype(int)
            self.assertTrue(bool((np.diff(other, axis=1) >= 0).all()))
            contrasts = np.ptp(other, axis=(0, 1))
            if np.ptp(contrasts) <= 1:
                alike += 1
                self.assertGreaterEqual(int(contrasts.min()), 127)
        self.assertTrue(10 < alike < 30, "half of them have one contrast in all channels")

    def test_the_mean_of_a_square_is_that_with_the_edges_repeated(self):
        picture = np.random.default_rng(1).integers(0, 256, (7, 12, 3)).astype(np.float32)
        for radius in (1, 2, 4):
            padded = np.pad(picture, ((radius, radius), (radius, radius), (0, 0)), mode="edge")
            side = 2 * radius + 1
            mean = [[padded[y : y + side, x : x + side].mean((0, 1)) for x in range(12)] for y in range(7)]
            self.assertLess(float(np.abs(box_mean(picture, radius) - np.array(mean)).max()), 1e-3)

    def test_faint_detail_goes_and_edges_stay(self):
        rng = np.random.default_rng(2)
        flat = np.full((40, 40, 3), 90, np.uint8)
        self.assertTrue(bool((without_faint_detail(flat, 5, 2) == 90).all()))
        grain = np.clip(flat + rng.normal(0, 2, flat.shape), 0, 255)
        self.assertLess(float(without_faint_detail(grain, 4, 2)[5:-5, 5:-5].std()), 0.4 * float(grain[5:-5, 5:-5].std()))
        edge = np.where(np.arange(40)[None, :, None] < 20, 40, 200) + np.zeros((40, 1, 3))
        self.assertLess(float(np.abs(without_faint_detail(edge, 5, 2) - edge).max()), 2)

    def test_only_more_strength_than_a_photo_needs_makes_its_target_smoother(self):
        photos = [places.drawn_picture(seed, 160, 160) for seed in range(3)]
        damaged_only = Data(crop=24, batch=40, clean_share=0, drift=0)
        clean_at_any = Data(crop=24, batch=40, clean_share=1, clean_at_strength=1)
        for data, rises in ((damaged_only, False), (clean_at_any, True)):
            plain = Sampler(photos, 2, data, seed=5).batch(3)
            smoother = Sampler(photos, 2, dataclasses.replace(data, smoothing=6.0), seed=5).batch(3)
            self.assertTrue(bool((plain[0] == smoother[0]).all()))
            changed = (plain[2] != smoother[2]).flatten(1).any(1)
            asked = plain[1] > 0.2
            if rises:
                self.assertGreater(float(changed[asked].float().mean()), 0.7)  # a flat part has nothing to lose
                self.assertFalse(bool(changed[plain[1] <= 0.1].any()))
            else:  # one in five has any strength, the others the right one
                self.assertTrue(0 < int(changed.sum()) < 12)

    def test_a_sky_has_the_strength_it_needs_or_more_and_a_smooth_target(self):
        photos = [places.drawn_picture(0, 160, 160)]
        for scale in (1, 2, 4):
            pixels, strengths, targets = Sampler(photos, scale, Data(crop=24, batch=16, sky_share=1), seed=5).batch(3)
            targets, blocks = targets.int(), targets.float().unflatten(1, (24, scale)).unflatten(3, (24, scale)).mean((2, 4))
            self.assertLessEqual(int((targets[:, 1:] - targets[:, :-1]).abs().max()), 1)
            errors = (pixels - blocks).square().mean((1, 2, 3)).sqrt() / 25
            damaged = errors > 0.02
            self.assertTrue(4 <= int(damaged.sum()) <= 15, "JPEG finds little to spoil there, and some are undamaged")
            self.assertTrue(bool((strengths > 0.6 * errors.clamp(max=1) ** 0.75)[damaged].all()))
            self.assertTrue(bool((strengths <= 1).all()))

    def test_batches_depend_on_seed_and_step_alone(self):
        photos = [places.drawn_picture(seed, 160, 160) for seed in range(3)]
        sampler = Sampler(photos, 2, Data(crop=24, batch=4), seed=5)
        first, again = sampler.batch(17), sampler.batch(17)
        for one, other in zip(first, again):
            self.assertTrue(bool((one == other).all()))
        self.assertFalse(bool((sampler.batch(18)[0] == first[0]).all()))
        x, y = as_tensors(first)
        self.assertEqual(tuple(x.shape), (4, 4, 24, 24))
        self.assertEqual(tuple(y.shape), (4, 3, 48, 48))
        self.assertEqual(float((y - first[2].permute(0, 3, 1, 2) / 255).abs().max()), 0)
        self.assertTrue(bool((x[:, 3] == first[1].view(-1, 1, 1)).all()))


if __name__ == "__main__":
    unittest.main()
