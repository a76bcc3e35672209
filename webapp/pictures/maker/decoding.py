"""Decoding: a file that somebody else made, to a small enough RGB picture that stands upright. Trusts nothing."""

import io
import struct
import warnings
from typing import Final

from PIL import AvifImagePlugin, Image, UnidentifiedImageError

from webapp.pictures.making import UnusablePictureError

MOST_BYTES: Final = 12 << 20
MOST_PIXELS: Final = 40_000_000
MOST_TIMES_AS_LONG: Final = 5
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
"""What browsers show. Other formats (TIFF, EPS, SVG) have decoders with a worse past, or run programs."""

_BAND: Final = 64
"""How many rows of the reduced picture are made at once."""
_SAMPLES: Final = 2
"""A picture is first reduced, cheaply, to about this many times the size that is wanted."""
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By EXIF's orientation, what makes a picture upright."""
_LYING: Final = frozenset({5, 6, 7, 8})

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # Each thread would take its stack from the memory that is allowed.


def decode(original: bytes, *, width: int) -> tuple[Image.Image, int]:
    """Decode a picture that is to be shown up to `width` wide, and give with it how wide the original is, upright.

    An animation gives its first frame. What comes has no metadata, and at least `width` if the original does.
    """
    if len(original) > MOST_BYTES:
        raise UnusablePictureError(f"has more than {MOST_BYTES >> 20} MiB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)  # Of junk in metadata, which is dropped.
            with Image.open(io.BytesIO(original), formats=FORMATS) as opened:
                return _upright(opened, width)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise UnusablePictureError(f"has more than {MOST_PIXELS // 1_000_000} million pixels") from None
    except UnidentifiedImageError:
        raise UnusablePictureError("is not in a format that Perigee reads") from None
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error) as error:
        # What Pillow raises for broken files.
        raise UnusablePictureError(f"cannot be decoded ({error})") from None


def _upright(opened: Image.Image, width: int) -> tuple[Image.Image, int]:
    _check_shape(*opened.size)
    is_jpeg = opened.format in {"JPEG", "MPO"}
    if not is_jpeg:
        opened.load()  # To read EXIF, Pillow may load the pixels; what is wrong with those must not be taken for that.
    orientation = _orientation_of(opened)
    lies = orientation in _LYING
    original_width = opened.height if lies else opened.width
    if is_jpeg:
        scale = _SAMPLES * width / original_width
        opened.draft(None, (int(opened.width * scale), int(opened.height * scale)))
    now_wide = opened.height if lies else opened.width
    reduced = _reduce(opened, max(1, round(now_wide / (_SAMPLES * width))))
    turn = _TURNS.get(orientation)
    return reduced if turn is None else reduced.transpose(turn), original_width


def _check_shape(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Image.DecompressionBombError
    if max(width, height) > MOST_TIMES_AS_LONG * min(width, height):
        raise UnusablePictureError(f"is more than {MOST_TIMES_AS_LONG} times as long as it is wide, or the other way")


def _orientation_of(opened: Image.Image) -> int:
    try:
        return int(opened.getexif().get(_ORIENTATION, 1))
    except (OSError, SyntaxError, ValueError, TypeError, KeyError, struct.error):
        return 1  # EXIF that cannot be read says nothing.


def _reduce(opened: Image.Image, factor: int) -> Image.Image:
    """Make a picture RGB and smaller by a whole factor, band by band: as a whole it would take the memory thrice."""
    reduced = Image.new("RGB", (-(-opened.width // factor), -(-opened.height // factor)))
    for top in range(0, reduced.height, _BAND):
        bottom = min((top + _BAND) * factor, opened.height)
        band = _to_rgb(opened.crop((0, top * factor, opened.width, bottom)))
        reduced.paste(band.reduce(factor) if factor > 1 else band, (0, top))
    return reduced


def _to_rgb(image: Image.Image) -> Image.Image:
    """Make an image of any mode RGB: what is transparent stands on white."""
    if image.mode.startswith("I"):
        return image.point(lambda sample: sample / 256).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    drawn = image.convert("RGBA")
    flat = Image.new("RGB", drawn.size, "white")
    flat.paste(drawn, mask=drawn.getchannel("A"))
    return flat
