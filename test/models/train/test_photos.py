import io
import unittest

import numpy as np
from PIL import Image

import places
from photos import is_held_out, read_photo


def saved(image, kind, **options):
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


class ReadingPhotos(unittest.TestCase):
    picture = places.drawn_picture(1, 40, 60)

    def test_turns_every_orientation_upright(self):
        upright = Image.fromarray(self.picture)
        undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the PIL transpose that makes the stored picture
        for tag in range(1, 9):
            stored = upright if tag == 1 else upright.transpose(undo[tag])
            exif = Image.Exif()
            exif[0x0112] = tag
            with self.subTest(tag=tag):
                np.testing.assert_array_equal(read_photo(saved(stored, "PNG", exif=exif)), self.picture)

    def test_refuses_what_is_transparent_and_takes_opaque_alpha(self):
        rgba = np.dstack([self.picture, np.full(self.picture.shape[:2], 255, np.uint8)])
        np.testing.assert_array_equal(read_photo(saved(Image.fromarray(rgba), "PNG")), self.picture)
        rgba[3, 3, 3] = 254
        with self.assertRaisesRegex(ValueError, "transparent"):
            read_photo(saved(Image.fromarray(rgba), "PNG"))

    def test_repeats_grey_in_three_channels(self):
        grey = self.picture[..., 0]
        np.testing.assert_array_equal(read_photo(saved(Image.fromarray(grey), "PNG")), np.dstack([grey] * 3))

    def test_scales_sixteen_bits_to_eight(self):
        grey = self.picture[..., 0]
        wide = Image.fromarray(grey.astype(np.uint16) * 257)
        np.testing.assert_array_equal(read_photo(saved(wide, "PNG")), np.dstack([grey] * 3))

    def test_refuses_cmyk_without_a_profile_and_files_cut_short(self):
        with self.assertRaisesRegex(ValueError, "CMYK"):
            read_photo(saved(Image.fromarray(self.picture).convert("CMYK"), "JPEG"))
        data = saved(Image.fromarray(self.picture), "PNG")
        with self.assertRaises((OSError, SyntaxError)):
            read_photo(data[: len(data) // 2])

    def test_holds_out_the_same_photos_whatever_tile_of_them_it_is(self):
        stems = [f"photo-{i}" for i in range(400)]
        held = [stem for stem in stems if is_held_out(f"{stem}.jpg")]
        self.assertTrue(10 <= len(held) <= 45, len(held))
        for stem in stems:
            self.assertEqual(is_held_out(f"{stem}_0.jpg"), is_held_out(f"{stem}_1.png"))


if __name__ == "__main__":
    unittest.main()
