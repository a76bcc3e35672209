"""Pictures for tests: what records say of them, and their files in a store, as the engine would have put them there."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from PIL import Image, ImageDraw

from tests.fake_ll2 import Record
from webapp.domain.entry import Picture
from webapp.domain.pictures import WIDTHS, PictureFile, PictureUse, ShownPicture
from webapp.store import PictureState, Store

URL = "https://images.example.org/dock.jpg"
LICENCE_URL = "https://creativecommons.org/licenses/by-nc/2.0/"
COLOR = "#1c2a47"
PICTURE = Picture(URL, None, "NASA/Joel Kowsky", "CC BY-NC 2.0", LICENCE_URL, single_use=False, name="A <docking>")
FILES = tuple(
    PictureFile(f"{'0123456789abcdef0'[number:] * 20}"[:20] + f".{suffix}", f"image/{kind}", width, width // 2, size)
    for number, (width, kind, suffix, size) in enumerate(
        (
            (320, "avif", "avif", 3_000), (640, "avif", "avif", 9_000), (1280, "avif", "avif", 30_000),
            (320, "webp", "webp", 4_000), (640, "webp", "webp", 12_000), (1280, "webp", "webp", 40_000),
            (320, "jpeg", "jpg", 6_000), (640, "jpeg", "jpg", 20_000), (1280, "jpeg", "jpg", 70_000),
        )
    )
)  # fmt: skip
"""The files of a picture twice as wide as it is high: invented, without content."""

SHOWN = ShownPicture(PICTURE, PictureUse.ADAPT, COLOR, FILES)


def image_record(license_name: str = PICTURE.license_name, *, single_use: bool = False, url: str = URL) -> Record:
    """Give what a record says of a picture of this licence, as its `image`."""
    return {
        "id": 1,
        "name": PICTURE.name,
        "image_url": url,
        "thumbnail_url": url,
        "credit": PICTURE.credit,
        "license": {"id": 1, "name": license_name, "priority": 1, "link": LICENCE_URL},
        "single_use": single_use,
        "variants": [],
    }


def put_picture(
    store: Store, now: datetime, entry_ids: Sequence[int], files: Mapping[PictureFile, bytes] | None = None,
    url: str = URL,
) -> None:  # fmt: skip
    """Put the files of the picture of this address into a store, and note that it is shown with these entries."""
    with store.write() as writer:
        writer.pictures.put_state(url, PictureState(now, 1, now + timedelta(days=1), color=COLOR))
        writer.pictures.put_files(url, files or dict.fromkeys(FILES, b"picture"))
        writer.note_pictured(entry_ids, now=now)


def make_files(width: int, height: int) -> dict[PictureFile, bytes]:
    """Make the files of a picture of this size that is about as hard to write small as a photograph."""
    picture = Image.effect_noise((width, height), 16).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for number in range(12):
        middle, radius = (width * number // 12, height // 2), height // (3 + number % 4)
        draw.circle(middle, radius, fill=(20 * number, 90, 250 - 20 * number))
    return dict(
        _write(picture, small, media_type)
        for small in WIDTHS
        if small <= width
        for media_type in ("image/avif", "image/webp", "image/jpeg")
    )


def _write(picture: Image.Image, width: int, media_type: str) -> tuple[PictureFile, bytes]:
    kind = media_type.removeprefix("image/")
    small = picture.resize((width, picture.height * width // picture.width))
    options: dict[str, Any] = {"speed": 9} if kind == "avif" else {}
    written = io.BytesIO()
    small.save(written, kind, quality=50, **options)
    content = written.getvalue()
    path = f"{sha256(content).hexdigest()[:20]}.{'jpg' if kind == 'jpeg' else kind}"
    return PictureFile(path, media_type, small.width, small.height, len(content)), content
