"""Originals that somebody wrote to do harm, or did not write well, each by its name."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

SIZE = (350, 210)


def drawn(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Draw something of many colours."""
    image = Image.linear_gradient("L").resize(size)
    image = Image.merge("RGB", (image, image.transpose(Image.Transpose.ROTATE_180), Image.new("L", size, 90)))
    ImageDraw.Draw(image).ellipse((size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), fill="#c03020")
    return image.convert(mode)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """Encode an image."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def noise(seed: int, length: int) -> bytes:
    """Give bytes that mean nothing, the same each time."""
    return random.Random(seed).randbytes(length)  # noqa: S311 - no secret


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """Write a chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_of(width: int, height: int, *chunks: bytes, depth: int = 8, color: int = 2) -> bytes:
    """Write a PNG that says that it has this size, and has these chunks after that."""
    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + b"".join(chunks) + png_chunk(b"IEND", b"")


def _pixels(width: int, height: int) -> bytes:
    return png_chunk(b"IDAT", zlib.compress(bytes((width * 3 + 1) * height), 9))


def _frames(form: str) -> bytes:
    return encoded(drawn(), form, save_all=True, append_images=[drawn().rotate(90), drawn().rotate(180)], duration=40)


def _with_exif(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "secret"
    return encoded(drawn(), "JPEG", exif=exif)


def _with_segment(marker: int, content: bytes) -> bytes:
    """Give a JPEG with a segment of ours behind its first marker."""
    jpeg = encoded(drawn(), "JPEG")
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def _gif_of_huge_canvas() -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + b"\x2c" + bytes(8) + b"\x00\x02\x02D\x01\x00;"


def _jpeg_of_size(width: int, height: int) -> bytes:
    jpeg = bytearray(encoded(drawn(), "JPEG"))
    place = jpeg.index(b"\xff\xc0") + 5
    jpeg[place : place + 4] = struct.pack(">HH", height, width)
    return bytes(jpeg)


def _scrambled() -> bytes:
    """Give a JPEG whose scan is noise."""
    jpeg = bytearray(encoded(drawn(), "JPEG", quality=95))
    start = jpeg.index(b"\xff\xda") + 14
    jpeg[start:-2] = bytes(byte % 255 for byte in noise(1, len(jpeg) - 2 - start))
    return bytes(jpeg)


def _text_bomb() -> bytes:
    return png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100_000_000), 9))


SVG = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/'
    b'svg" width="640" height="427"><script>alert(1)</script><text>&x;</text></svg>'
)
HTML = b"<!doctype html><title>Not found</title><script>alert(1)</script>"

BROKEN: dict[str, Callable[[], bytes]] = {
    "nothing": bytes,
    "one byte": lambda: b"\xff",
    "zeros": lambda: bytes(10_000),
    "noise": lambda: noise(2, 50_000),
    "SVG with a script": lambda: SVG,
    "HTML": lambda: HTML,
    "JSON": lambda: b'{"error": "no such picture"}',
    "PDF": lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF",
    "PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 640 427\n(/etc/passwd) run\n",
    "a TIFF of huge measures": lambda: (
        b"II*\0\x08\0\0\0\x02\0"
        + struct.pack("<HHII", 256, 4, 1, 2**31)
        + struct.pack("<HHII", 257, 4, 1, 2**31)
        + bytes(4)
    ),
    "a sound TIFF": lambda: encoded(drawn(), "TIFF"),
    "a BMP": lambda: encoded(drawn(), "BMP"),
    "13 MiB": lambda: encoded(drawn(), "JPEG") + bytes(13 << 20),
    "a PNG that says 60000 by 60000": lambda: png_of(60_000, 60_000, png_chunk(b"IDAT", zlib.compress(bytes(9)))),
    "a PNG that says two thousand million": lambda: png_of(2**31 - 1, 2**31 - 1, png_chunk(b"IDAT", b"")),
    "a PNG of no width": lambda: png_of(0, 400, _pixels(0, 400)),
    "a PNG of 50 million pixels": lambda: png_of(10_000, 5_000, _pixels(10_000, 5_000)),
    "a PNG without pixels": lambda: png_of(640, 427),
    "a PNG whose pixels are noise": lambda: png_of(640, 427, png_chunk(b"IDAT", noise(3, 9_000))),
    "a PNG with a text that grows to 100 MB": lambda: png_of(640, 427, _text_bomb(), _pixels(640, 427)),
    "a PNG with a wrong checksum": lambda: encoded(drawn(), "PNG").replace(b"IDAT", b"IDAT\0", 1),
    "a JPEG that says 65000 by 65000": lambda: _jpeg_of_size(65_000, 65_000),
    "a GIF that says 65535 by 65535": _gif_of_huge_canvas,
    "a line of 20000 by 2": lambda: encoded(Image.new("RGB", (20_000, 2)), "PNG"),
    "a pole of 3 by 9000": lambda: encoded(Image.new("RGB", (3, 9_000)), "PNG"),
    **{
        f"{form} cut at {percent} %": lambda form=form, percent=percent: (  # type: ignore[misc] # Bound early.
            (whole := encoded(drawn(), form))[: len(whole) * percent // 100]
        )
        for form in ("JPEG", "PNG", "WEBP", "AVIF")
        for percent in (1, 30, 60)
    },
}
"""Of these nothing can be made."""

SOUND: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: encoded(drawn(), "JPEG"),
    "progressive JPEG": lambda: encoded(drawn(), "JPEG", progressive=True),
    "CMYK JPEG": lambda: encoded(drawn("CMYK"), "JPEG"),
    "grey JPEG": lambda: encoded(drawn("L"), "JPEG"),
    "WebP with alpha": lambda: encoded(drawn("RGBA"), "WEBP"),
    "AVIF": lambda: encoded(drawn(), "AVIF"),
    "PNG of one bit": lambda: encoded(drawn("1"), "PNG"),
    "PNG of 16 bits, grey": lambda: encoded(Image.new("I;16", SIZE, 30_000), "PNG"),
    "PNG of 16 bits, RGB": lambda: png_of(
        640, 427, png_chunk(b"IDAT", zlib.compress(bytes((640 * 6 + 1) * 427))), depth=16
    ),
    "PNG with a palette and alpha": lambda: encoded(drawn("P"), "PNG", transparency=bytes(range(256))),
    "PNG with grey and alpha": lambda: encoded(drawn("LA"), "PNG"),
    "PNG with a transparent colour": lambda: encoded(drawn(), "PNG", transparency=(0, 255, 90)),
    "moving GIF": lambda: _frames("GIF"),
    "moving WebP": lambda: _frames("WEBP"),
    "moving PNG": lambda: _frames("PNG"),
    "moving AVIF": lambda: _frames("AVIF"),
    "JPEG with a script behind it": lambda: encoded(drawn(), "JPEG") + HTML,
    "JPEG with an archive behind it": lambda: encoded(drawn(), "JPEG") + b"PK\x03\x04" + bytes(900),
    "JPEG with a script as its comment": lambda: encoded(drawn(), "JPEG", comment=HTML),
    "GIF with a script behind it": lambda: encoded(drawn(), "GIF") + b"*/alert(1)//",
    "PNG whose pixels end early": lambda: png_of(640, 427, _pixels(640, 100)),
    "PNG with text": lambda: png_of(640, 427, png_chunk(b"tEXt", b"Comment\0<script>"), _pixels(640, 427)),
    "ICC profile of noise": lambda: encoded(drawn(), "JPEG", icc_profile=noise(4, 90_000)),
    "EXIF of noise": lambda: _with_segment(0xE1, b"Exif\0\0" + noise(5, 4_000)),
    "EXIF that points to itself": lambda: _with_segment(
        0xE1, b"Exif\0\0II*\0\x08\0\0\0\x01\0" + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    ),
    "XMP of 60 kB": lambda: _with_segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b"<x>" * 20_000),
    "MPF of noise": lambda: _with_segment(0xE2, b"MPF\0" + noise(6, 400)),
    "JPEG whose scan is noise": _scrambled,
    **{f"EXIF orientation {turn}": lambda turn=turn: _with_exif(turn) for turn in (0, 2, 3, 5, 6, 8, 99)},  # type: ignore[misc]
}
"""Of these files can be made, whatever else is in them."""
