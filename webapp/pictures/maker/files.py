"""Files: the same picture in three sizes and three formats, each small enough, without metadata, never cropped."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, features

from webapp.domain.pictures import WIDTHS
from webapp.pictures.frames import write_frame
from webapp.pictures.maker.decoding import decode
from webapp.pictures.making import UnusablePictureError

_MOST_BYTES: Final = dict(zip(WIDTHS, (40_000, 90_000, 300_000), strict=True))
"""By width, how long a file may be. Between two, the wider one's holds."""


@dataclass(frozen=True, slots=True)
class _Format:
    """A format. Of the qualities the first is taken whose file is short enough."""

    name: str
    media_type: str
    qualities: tuple[int, ...]
    options: dict[str, Any]


_FORMATS: Final = (
    # With one thread the same bytes come out, and their stacks take no memory.
    _Format("AVIF", "image/avif", (54, 40, 25, 1), {"speed": 8, "max_threads": 1}),
    _Format("WEBP", "image/webp", (78, 60, 36, 1), {"method": 4}),
    _Format("JPEG", "image/jpeg", (82, 68, 48, 10), {"progressive": True, "optimize": True}),
)


def make_files(original: bytes) -> bytes:
    """Make the files of a picture: the head names each one's type and size, and the average colour."""
    decoded, original_width = decode(original, width=WIDTHS[-1])
    # Some builds of Pillow lack the newer two; JPEG is in all.
    formats = [form for form in _FORMATS if form.name == "JPEG" or features.check(form.name.lower())]
    listed, contents = [], []
    for image in _sizes(decoded, original_width):
        for form in formats:
            listed.append({"media_type": form.media_type, "width": image.width, "height": image.height})
            contents.append(_encode(image, form))
    return write_frame({"color": _average_color(decoded), "files": listed}, contents)


def _sizes(decoded: Image.Image, original_width: int) -> Iterator[Image.Image]:
    """Give the picture in the widths that the original has, or else in its own."""
    widths = [width for width in WIDTHS if width <= original_width] or [original_width]
    for width in widths:
        height = max(1, round(decoded.height * width / decoded.width))
        yield decoded.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _encode(image: Image.Image, form: _Format) -> bytes:
    most = next(most for width, most in _MOST_BYTES.items() if width >= image.width)
    for quality in form.qualities:
        file = io.BytesIO()
        image.save(file, form.name, quality=quality, **form.options)
        if len(file.getvalue()) <= most:
            return file.getvalue()
    raise UnusablePictureError(f"cannot be made small enough: {most // 1000} kB for {image.width} pixels")


def _average_color(decoded: Image.Image) -> str:
    color = decoded.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    if not isinstance(color, tuple):  # Of RGB it is one.
        raise TypeError(color)
    return "#" + bytes(int(part) for part in color).hex()
