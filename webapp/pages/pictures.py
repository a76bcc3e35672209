"""A picture as templates show it: its files by type, for a phone and for wider screens, and its caption."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from webapp.domain.entry import EntryKind
from webapp.domain.picture_words import Caption, alternative_of, caption_of
from webapp.domain.pictures import PictureFile, PictureUse, ShownPicture
from webapp.web.addresses import picture_address

_TYPES: Final = ("image/avif", "image/webp", "image/jpeg")
"""The types of the files, the smallest first: a browser takes the first that it can show."""

_WIDEST_ON_PHONES: Final = 640
"""How wide a file a phone is offered, in pixels: a wider one is no sharper to the eye, and takes too long."""


@dataclass(frozen=True, slots=True)
class PictureSource:
    """The files of one type, as the `srcset` of a wide screen and that of a phone."""

    media_type: str
    srcset: str
    phone_srcset: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture. `path`, `width` and `height` are those of its widest JPEG; `color` is its average colour, `#rrggbb`.

    One that may not be cropped is shown whole, however much of its place stays empty.
    """

    alternative: str
    caption: Caption
    sources: tuple[PictureSource, ...]
    path: str
    width: int
    height: int
    color: str
    may_crop: bool


def present_picture(shown: ShownPicture | None, kind: EntryKind) -> PictureView | None:
    """Say how the picture of an entry of this kind is shown, if it has one."""
    if shown is None:
        return None
    widest = shown.widest
    by_type = ((media_type, shown.files_of(media_type)) for media_type in _TYPES)
    return PictureView(
        alternative=alternative_of(shown.picture),
        caption=caption_of(shown.picture, kind),
        sources=tuple(_source(media_type, files) for media_type, files in by_type if files),
        path=picture_address(widest.path),
        width=widest.width,
        height=widest.height,
        color=shown.color,
        may_crop=shown.use is PictureUse.ADAPT,
    )


def _source(media_type: str, files: Sequence[PictureFile]) -> PictureSource:
    small = [file for file in files if file.width <= _WIDEST_ON_PHONES] or files[:1]
    return PictureSource(media_type, _srcset(files), _srcset(small))


def _srcset(files: Sequence[PictureFile]) -> str:
    return ", ".join(f"{picture_address(file.path)} {file.width}w" for file in files)
